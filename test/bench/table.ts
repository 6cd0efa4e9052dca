import { shown } from "./figures.ts";

/** One line of a table, by column title. A number that could not be measured is undefined. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/** Rows as text in columns; numbers to the right. The titles are those of the first row. */
export function table(rows: readonly Row[]): string {
  const titles = Object.keys(rows[0] ?? {});
  const cells = [titles, ...rows.map((row) => titles.map((title) => cell(row[title])))];
  const widths = titles.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const words = titles.map((title) => rows.some((row) => typeof row[title] === "string"));
  return cells
    .map((line) => line.map((text, i) => (words[i] ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0))).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** The same as a table of Markdown. */
export function markdown(rows: readonly Row[]): string {
  const titles = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const rule = titles.map((title) => (rows.some((row) => typeof row[title] === "string") ? "---" : "---:"));
  return [titles, rule, ...rows.map((row) => titles.map((title) => cell(row[title])))].map(line).join("");
}

function cell(value: string | number | undefined): string {
  return typeof value === "string" ? value : shown(value);
}
