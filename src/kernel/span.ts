/** A text that was read, kept whole so that an error can show its line. `path` is as the user would type it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text was decrypted: no error may show a line of it, and every scalar of it is a Secret. */
  readonly secret?: true;
}

/** A stretch of a source file: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

/** Where a span starts, as people count. */
export function placeOf(span: Span): Place {
  const starts = startsOf(span.source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= span.start) low = middle;
    else high = middle - 1;
  }
  return { file: span.source.path, line: low + 1, column: span.start - (starts[low] ?? 0) + 1 };
}

/** Offsets at which the lines begin; found once per text. */
function startsOf(source: SourceFile): readonly number[] {
  const known = lineStarts.get(source);
  if (known) return known;
  const starts = [0];
  for (let i = source.text.indexOf("\n"); i >= 0; i = source.text.indexOf("\n", i + 1)) starts.push(i + 1);
  lineStarts.set(source, starts);
  return starts;
}
