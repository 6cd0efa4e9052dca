/** A command line cut into words as a shell would, without running one: quotes and backslashes, nothing else. Undefined when a quote is open. */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? "";
    if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (c === "'" || c === '"') {
      const end = closing(line, i);
      if (end < 0) return undefined;
      const inside = line.slice(i + 1, end);
      word = (word ?? "") + (c === "'" ? inside : inside.replace(/\\(["\\$`])/g, "$1"));
      i = end;
    } else if (c === "\\") {
      if (i + 1 === line.length) return undefined;
      word = (word ?? "") + (line[++i] ?? "");
    } else word = (word ?? "") + c;
  }
  return word === undefined ? words : [...words, word];
}

function closing(line: string, from: number): number {
  const quote = line[from];
  for (let i = from + 1; i < line.length; i++) {
    if (quote === '"' && line[i] === "\\") i++;
    else if (line[i] === quote) return i;
  }
  return -1;
}

/** A piece of shell syntax outside quotes that a command without a shell would pass on as text. */
export function shellSyntax(line: string): string | undefined {
  const bare = line.replace(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"/gs, (quoted) =>
    quoted.startsWith('"') && /(^|[^\\])[$`]/.test(quoted) ? "$" : "_",
  );
  return /&&|\|\||[|<>;&`]|\$(?=[A-Za-z_({"]|$)/.exec(bare)?.[0];
}
