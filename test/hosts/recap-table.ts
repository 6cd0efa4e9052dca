/** One host's row of the table that ends a run, by column title. */
export type RecapRow = Readonly<Record<string, number>>;

/** Reads the table at the end of rempart's plain output: rows by host. Empty when there is none. */
export function readRecap(output: string): Map<string, RecapRow> {
  const lines = output.split("\n");
  const head = lines.findLastIndex((line) => /^host\s{2,}ok\s/.test(line));
  const rows = new Map<string, RecapRow>();
  if (head < 0) return rows;
  const titles = cells(lines[head] ?? "").slice(1);
  for (const line of lines.slice(head + 1)) {
    const [host, ...numbers] = cells(line);
    if (host === undefined || numbers.length !== titles.length) break;
    rows.set(host, Object.fromEntries(titles.map((title, index) => [title, Number(numbers[index])])));
  }
  return rows;
}

function cells(line: string): string[] {
  return line.trim().split(/\s{2,}/);
}
