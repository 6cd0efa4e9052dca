import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { SourceFile } from "../kernel/span.ts";

/**
 * The answer to an unquoted `{{ }}`, which YAML reads as a map in a map: shows the value quoted.
 * `start` is the offset of the first brace; `inFlow` when it stands inside of `[ ]` or `{ }`.
 */
export function unquotedBraces(source: SourceFile, start: number, inFlow: boolean): Diagnostic {
  const { text } = source;
  const lineEnd = endOfLine(text, start);
  const close = text.indexOf("}}", start);
  const closed = close >= 0 && close + 2 <= lineEnd;
  const end = inFlow && closed ? close + 2 : lineEnd;
  const value = withoutComment(text.slice(start, end));
  const lead = text.slice(text.lastIndexOf("\n", start - 1) + 1, start).trimStart();
  return {
    severity: "error",
    message: "a value that starts with {{ must be quoted",
    at: { source, start, end: start + value.length },
    help: source.secret ? "put quotes around it" : `write ${inFlow ? "" : lead}${quoted(value)}`,
  };
}

/** The text in the quotes that need the fewest escapes. */
export function quoted(text: string): string {
  if (!text.includes('"') && !text.includes("\\")) return `"${text}"`;
  return `'${text.replaceAll("'", "''")}'`;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function withoutComment(text: string): string {
  return text.replace(/\s+#[^"']*$/, "").trimEnd();
}
