import type { ScalarNode } from "../kernel/node.ts";
import type { SourceFile, Span } from "../kernel/span.ts";

/** A text together with where its characters stand in a file. */
export interface Placed {
  readonly text: string;
  readonly source: SourceFile;
  /** The span of `text.slice(start, end)`. */
  span(start: number, end: number): Span;
}

/** A whole file as one text. */
export function placedFile(source: SourceFile): Placed {
  return { text: source.text, source, span: (start, end) => ({ source, start, end }) };
}

/** The text of a scalar. Its offsets are mapped through quotes, escapes, folding and indentation, when somebody asks. */
export function placedScalar(node: ScalarNode): Placed {
  const { source, start: from, end: to } = node.at;
  const { text } = node;
  let offsets: readonly Raw[] | undefined;
  const raw = (i: number): Raw => {
    offsets ??= align(source.text.slice(from, to), text);
    return offsets[Math.min(i, text.length)] ?? { start: 0, end: 0 };
  };
  return {
    text,
    source,
    span: (start, end) => ({ source, start: from + raw(start).start, end: from + (end > start ? raw(end - 1).end : raw(start).start) }),
  };
}

/** The raw characters that made one character of a value. */
interface Raw {
  readonly start: number;
  readonly end: number;
}

/** A text that is not in a file as it is (`var: a.b`): positions count from where it is found in the span, else from its start. */
export function placedIn(at: Span, text: string): Placed {
  const found = at.source.text.slice(at.start, at.end).indexOf(text);
  if (found < 0) return { text, source: at.source, span: () => at };
  return {
    text,
    source: at.source,
    span: (start, end) => ({ source: at.source, start: at.start + found + start, end: at.start + found + end }),
  };
}

/** For each character of the value (and for its end) the raw characters that made it. */
function align(raw: string, value: string): Raw[] {
  if (raw === value) return Array.from({ length: value.length + 1 }, (_, i) => ({ start: i, end: i + 1 }));
  const block = /^[|>][^\n]*\n/.exec(raw);
  if (block && raw.startsWith("|")) return alignLines(raw, value, block[0].length);
  if (block) return alignRun(raw, value, block[0].length, indentOf(raw.slice(block[0].length)), "");
  const mark = raw.charAt(0);
  return mark === '"' || mark === "'"
    ? alignRun(raw, value, 1, Number.POSITIVE_INFINITY, mark)
    : alignRun(raw, value, 0, Number.POSITIVE_INFINITY, "");
}

/** A literal block: line by line, less the indentation. */
function alignLines(raw: string, value: string, start: number): Raw[] {
  const indent = indentOf(raw.slice(start));
  const offsets: Raw[] = [];
  let j = start;
  for (const line of value.split("\n")) {
    const from = j + skipSpaces(raw, j, indent);
    for (let k = 0; k <= line.length; k++) offsets.push({ start: Math.min(from + k, raw.length), end: Math.min(from + k + 1, raw.length) });
    const end = raw.indexOf("\n", j);
    j = end < 0 ? raw.length : end + 1;
  }
  return offsets;
}

/** `indent`: how many spaces a continuation line loses at most. */
function alignRun(raw: string, value: string, start: number, indent: number, mark: string): Raw[] {
  const offsets: Raw[] = [];
  let j = start === 0 || mark !== "" ? start : start + skipSpaces(raw, start, indent);
  for (let i = 0; i < value.length; ) {
    const breakLength = lineBreak(raw, j, mark);
    if (breakLength > 0 && !(mark === '"' && raw[j] === "\\")) {
      const lines = breaks(raw, j, indent);
      const run = value[i] === "\n" ? runOf(value, i, "\n") : value[i] === " " ? 1 : 0;
      for (let k = 0; k < run; k++) offsets.push({ start: j, end: j + 1 });
      i += run;
      j = lines;
      continue;
    }
    const length = escapeLength(raw, j, mark);
    if (length < 0) j = breaks(raw, j + 1, indent);
    else {
      offsets.push({ start: j, end: j + length });
      i++;
      j += length;
    }
  }
  offsets.push({ start: Math.min(j, raw.length), end: raw.length });
  return offsets;
}

/** Raw characters for one character of the value; -1 for an escaped line break, which makes none. */
function escapeLength(raw: string, j: number, mark: string): number {
  if (mark === "'" && raw.startsWith("''", j)) return 2;
  if (mark !== '"' || raw[j] !== "\\") return 1;
  const next = raw[j + 1] ?? "";
  if (next === "\n" || next === "\r") return -1;
  return { x: 4, u: 6, U: 10 }[next] ?? 2;
}

/** The length of white space up to and including a line break at `j`, or 0. */
function lineBreak(raw: string, j: number, mark: string): number {
  let k = j;
  if (mark !== "" || j === 0) while (raw[k] === " " || raw[k] === "\t") k++;
  if (raw[k] === "\r") k++;
  return raw[k] === "\n" ? k + 1 - j : 0;
}

/** Behind all line breaks from `j` on, and the indentation of the line that follows. */
function breaks(raw: string, j: number, indent: number): number {
  let at = j;
  for (;;) {
    let k = at;
    while (raw[k] === " " || raw[k] === "\t" || raw[k] === "\r") k++;
    if (raw[k] !== "\n") break;
    at = k + 1;
  }
  return at + skipSpaces(raw, at, indent);
}

function skipSpaces(raw: string, from: number, most: number): number {
  let n = 0;
  while (n < most && (raw[from + n] === " " || raw[from + n] === "\t")) n++;
  return n;
}

function indentOf(lines: string): number {
  const first = /^(?:[ \t]*\r?\n)*( *)/.exec(lines);
  return first?.[1]?.length ?? 0;
}

function runOf(text: string, from: number, char: string): number {
  let n = 0;
  while (text[from + n] === char) n++;
  return n;
}
