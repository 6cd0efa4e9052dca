import { createRequire } from "node:module";
import type * as Diff from "diff";
import type { ChangedText } from "../../kernel/change.ts";

/** Loaded with the first diff: most starts of the program show none. */
let library: typeof Diff | undefined;
function diff(): typeof Diff {
  library ??= createRequire(import.meta.url)("diff") as typeof Diff;
  return library;
}

/** Characters on both sides together; of larger texts it is told that they differ, not shown where. */
const largest = 1024 * 1024;
/** Lines that differ, beyond which no shortest diff is looked for: it would take too long. */
const mostEdits = 1000;
/** Lines around a difference. */
const context = 3;

/** The difference of two texts as diff(1) and git show it, a missing newline at the end included. Without colours. */
export function unified(text: ChangedText): string {
  const [before, after] = [text.before ?? "", text.after ?? ""];
  if (before.length + after.length > largest) return `(${text.name}: too large for a diff)\n`;
  const names = [text.before === null ? "/dev/null" : text.name, text.after === null ? "/dev/null" : text.name] as const;
  const heads = [text.before === null ? "" : "before", text.after === null ? "" : "after"] as const;
  const { FILE_HEADERS_ONLY, formatPatch, structuredPatch } = diff();
  const patch = structuredPatch(...names, before, after, ...heads, { context, maxEditLength: mostEdits });
  return formatPatch(patch ?? replacement(names, heads, before, after), FILE_HEADERS_ONLY);
}

type Pair = readonly [string, string];

/** All that stands between the common head and tail, as one piece. */
function replacement([oldFileName, newFileName]: Pair, [oldHeader, newHeader]: Pair, before: string, after: string): Diff.StructuredPatch {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const from = Math.max(0, head - context);
  const end = Math.min(tail, context);
  const lines = [
    ...marked(" ", a.slice(from, head)),
    ...marked("-", a.slice(head, a.length - tail)),
    ...marked("+", b.slice(head, b.length - tail)),
    ...marked(" ", a.slice(a.length - tail, a.length - tail + end)),
  ];
  const [oldLines, newLines] = [a.length - tail + end - from, b.length - tail + end - from];
  const hunk = { oldStart: from + 1, oldLines, newStart: from + 1, newLines, lines };
  return { oldFileName, newFileName, oldHeader, newHeader, hunks: [hunk] };
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) => (line.endsWith("\n") ? [mark + line.slice(0, -1)] : [mark + line, "\\ No newline at end of file"]));
}
