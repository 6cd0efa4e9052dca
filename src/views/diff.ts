import type { Paint } from "./paint.ts";
import { visible } from "./visible.ts";

/** The lines of a unified diff in their colours; where one line became another, what differs in them stands out. */
export function diffLines(diff: string, ink: Paint): string[] {
  const lines = diff
    .replace(/\n+$/, "")
    .split("\n")
    .map((line) => visible(line));
  const headers = lines.findIndex((line) => !/^(---|\+\+\+) /.test(line));
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const [gone, come] = i < headers ? [[], []] : pairAt(lines, i);
    if (gone.length > 0 && gone.length === come.length) {
      const pairs = gone.map((old, n) => apart(old, come[n] ?? ""));
      out.push(...pairs.map((p) => marked(p.old, ink.removed, ink.stress)), ...pairs.map((p) => marked(p.now, ink.added, ink.stress)));
      i += gone.length + come.length;
    } else out.push(plain(lines[i++] ?? "", i <= headers, ink));
  }
  return out;
}

/** The lines that go and those that come in their place, from line `at` on. */
function pairAt(lines: readonly string[], at: number): readonly [readonly string[], readonly string[]] {
  const run = (from: number, mark: string): readonly string[] => {
    let end = from;
    while (lines[end]?.startsWith(mark)) end++;
    return lines.slice(from, end);
  };
  const gone = run(at, "-");
  return [gone, run(at + gone.length, "+")];
}

function plain(line: string, head: boolean, ink: Paint): string {
  if (head || /^[@\\(]/.test(line)) return ink.dim(line);
  if (line.startsWith("+")) return ink.added(line);
  return line.startsWith("-") ? ink.removed(line) : line;
}

type Parts = readonly [head: string, differing: string, tail: string];

/** Two lines in three parts each; the middle ones are empty where the lines have too little in common for it to help. */
function apart(old: string, now: string): { readonly old: Parts; readonly now: Parts } {
  const [a, b] = [[...old], [...now]];
  let head = 1;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const shared = head - 1 + tail;
  if (shared * 3 < Math.max(a.length, b.length) - 1) return { old: [old, "", ""], now: [now, "", ""] };
  const cut = (all: readonly string[]): Parts => [
    all.slice(0, head).join(""),
    all.slice(head, all.length - tail).join(""),
    all.slice(all.length - tail).join(""),
  ];
  return { old: cut(a), now: cut(b) };
}

function marked([head, differing, tail]: Parts, ink: (text: string) => string, stress: (text: string) => string): string {
  return differing === "" ? ink(head + tail) : ink(head + stress(differing) + tail);
}
