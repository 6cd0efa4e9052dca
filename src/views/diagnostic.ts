import type { Diagnostic } from "../kernel/diagnostic.ts";
import { placeOf, type Span } from "../kernel/span.ts";
import type { Paint } from "./paint.ts";
import { columnsOf, visible } from "./visible.ts";

/** `file:line:column: error: message`, the line with a caret, the help and the include chain. Ends with a newline. */
export function diagnosticText(d: Diagnostic, ink: Paint): string {
  const severity = (d.severity === "error" ? ink.bad : ink.changed)(`${d.severity}:`);
  const where = d.at ? `${ink.place(placeText(d.at))}: ` : "";
  const lines = [`${where}${severity} ${indentRest(visible(d.message))}`];
  if (d.at && !d.at.source.secret) lines.push(...excerpt(d.at, ink));
  if (d.help) lines.push(`  ${ink.strong("help:")} ${indentRest(visible(d.help))}`);
  for (const span of [...(d.via ?? [])].reverse()) lines.push(ink.dim(`  included from ${placeText(span)}`));
  return `${lines.join("\n")}\n`;
}

/** `file:line:column` */
export function placeText(at: Span): string {
  const { file, line, column } = placeOf(at);
  return `${visible(file)}:${line}:${column}`;
}

/** Longest stretch of a line that is shown; a longer line is cut around the caret. */
const longest = 160;

function excerpt(at: Span, ink: Paint): string[] {
  const { text } = at.source;
  const lineStart = text.lastIndexOf("\n", at.start - 1) + 1;
  const newline = text.indexOf("\n", at.start);
  const lineEnd = newline < 0 ? text.length : newline;
  if (lineStart === lineEnd) return [];
  const from = at.start - lineStart > longest - 40 ? at.start - 60 : lineStart;
  const to = Math.min(lineEnd, from + longest);
  const before = oneColumnEach(text.slice(from, at.start));
  const marked = oneColumnEach(text.slice(at.start, Math.min(at.end, to)));
  const after = oneColumnEach(text.slice(at.start + marked.length, to));
  const [head, tail] = [from > lineStart ? "…" : "", to < lineEnd ? "…" : ""];
  const gap = `${head && " "}${[...before].map((c) => (c === "\t" ? c : " ".repeat(columnsOf(c)))).join("")}`;
  const carets = [...marked].map((c) => "^".repeat(columnsOf(c))).join("") || "^";
  return [`    ${head}${before}${marked}${after}${tail}`.trimEnd(), `    ${gap}${ink.bad(carets)}`];
}

/** Control characters other than tab become one replacement character each, so that the caret stays below its place. */
function oneColumnEach(text: string): string {
  return text.replace(/\r$/, "").replace(/\p{Cc}/gu, (c) => (c === "\t" ? c : "\ufffd"));
}

function indentRest(text: string): string {
  return text.replaceAll("\n", "\n    ");
}
