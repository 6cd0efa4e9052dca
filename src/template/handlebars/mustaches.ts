/** One `{{ ... }}` as it stands in a text, before any parsing. Offsets include the braces. */
export interface Mustache {
  readonly start: number;
  readonly end: number;
  /** Between the braces, without `~`, and with the contents of string literals blanked. */
  readonly blanked: string;
  /** The same stretch as written. */
  readonly inner: string;
  /** Offset of `inner` in the text. */
  readonly innerStart: number;
  readonly closed: boolean;
}

/** An expression longer than this is a slip: a quote or the braces are not closed. */
const longest = 4000;

/** Finds every `{{ }}` that is neither a comment nor escaped by a backslash. */
export function mustaches(text: string): Mustache[] {
  const found: Mustache[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf("{{", from);
    if (start < 0) return found;
    if (text[start - 1] === "\\" && text[start - 2] !== "\\") {
      from = start + 2;
      continue;
    }
    const comment = /^\{\{~?!(--)?/.exec(text.slice(start, start + 6));
    if (comment) {
      const close = text.indexOf(comment[1] ? "--" : "}}", start + comment[0].length);
      from = close < 0 ? text.length : close + 2;
      continue;
    }
    const one = mustacheAt(text, start);
    found.push(one);
    if (!one.closed) return found;
    from = one.end;
  }
}

function mustacheAt(text: string, start: number): Mustache {
  let open = start + 2;
  while (text[open] === "{") open++;
  if (text[open] === "~") open++;
  let blanked = "";
  let mark = "";
  let i = open;
  for (; i < text.length && i - open <= longest; i++) {
    const char = text.charAt(i);
    if (mark !== "") {
      if (char === mark && text[i - 1] !== "\\") mark = "";
      blanked += mark === "" ? char : " ";
    } else if (text.startsWith("}}", i)) break;
    else {
      if (char === '"' || char === "'") mark = char;
      blanked += char;
    }
  }
  const closed = mark === "" && text.startsWith("}}", i);
  if (!closed) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    return { start, end, blanked: blanked.slice(0, end - open), inner: text.slice(open, end), innerStart: open, closed };
  }
  let end = i + 2;
  while (text[end] === "}" && end - i < 4) end++;
  if (end - i !== open - start && text[open - 1] !== "~") end = i + 2;
  return { start, end, blanked: blanked.replace(/~$/, " "), inner: text.slice(open, i).replace(/~$/, " "), innerStart: open, closed };
}
