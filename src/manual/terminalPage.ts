/** How a page marks its words on a terminal; plain functions in a pipe. */
export interface PageInk {
  readonly strong: (text: string) => string;
  readonly place: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** A manual page (Markdown) as terminal text: headings stand out, tables become entries, code is indented. */
export function terminalPage(markdown: string, ink: PageInk): string {
  const out: string[] = [];
  let fenced = false;
  let inTable = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) {
      fenced = !fenced;
      continue;
    }
    const row = !fenced && line.startsWith("|");
    if (fenced) out.push(`    ${ink.place(line)}`);
    else if (/^<!--.*-->$/.test(line)) continue;
    else if (/^#+ /.test(line)) out.push(ink.strong(line.replace(/^#+ /, "").toUpperCase()));
    else if (row && inTable) out.push(...entry(cells(line), ink));
    else if (!row) out.push(inline(line, ink));
    inTable = row;
  }
  return `${out
    .join("\n")
    .replace(/^\n+/, "")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}

/** `name  type  default` and, indented below, the last cell. Rows of dashes are nothing. */
function entry(row: readonly string[], ink: PageInk): string[] {
  if (row.every((c) => /^-+$/.test(c))) return [];
  const [name = "", ...rest] = row;
  const meaning = rest.pop() ?? "";
  const head = [ink.strong(bare(name)), ...rest.filter((c) => c !== "").map((c) => ink.dim(bare(c)))].join("  ");
  return [`  ${head}`, ...(meaning ? [`      ${inline(meaning, ink)}`] : [])];
}

function cells(line: string): string[] {
  return line
    .replace(/^\| ?|\|\s*$/g, "")
    .split(/(?<!\\)\|/)
    .map((c) => c.trim().replaceAll("\\|", "|"));
}

function inline(text: string, ink: PageInk): string {
  return text
    .replace(/\[([^\]]+)\]\([^)]+\)/g, "$1")
    .replace(/\*\*([^*]+)\*\*/g, (_, words: string) => ink.strong(words))
    .replace(/`([^`]+)`/g, (_, words: string) => ink.place(words));
}

function bare(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replaceAll("`", "");
}
