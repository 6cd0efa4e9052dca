/** First line of every generated page. */
export const generated = "<!-- Written by `npm run docs`; change the source that it describes, not this page. -->";

/** A Markdown table; cells hold no line breaks and no bare pipes. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("\n", " ").replace(/(?<!\\)\|/g, "\\|");
}

/** A word as code, nothing for an empty one. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** Parts of a page with one empty line between them and a newline at the end; empty parts are left out. */
export function page(...parts: readonly string[]): string {
  return `${parts.filter((p) => p !== "").join("\n\n")}\n`;
}
