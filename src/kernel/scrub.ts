import { encodingsOf } from "./encodings.ts";
import { Matcher, type Stretch } from "./matcher.ts";

const mask = "********";
/** Shorter texts stand in too many harmless words. */
const shortest = 8;
const known = new Set<string>();
/** Remembered since the last scrub, and whether it was derived: making a Secret must cost nothing. */
const pending = new Map<string, boolean>();
const fresh: string[] = [];
/** Newest last; each older one is larger, so that a new secret does not cost the table of all. */
const tables: { readonly words: readonly string[]; readonly matcher: Matcher }[] = [];

/**
 * Makes a text known as secret to `scrub`. A text of several lines is known by its lines too, since diffs and logs print
 * it line by line. Not so a text that was derived from a secret, such as a rendered file: its other lines are harmless.
 */
export function rememberSecret(text: string, derived = false): void {
  if (text.length < shortest || known.has(text)) return;
  pending.set(text, derived && (pending.get(text) ?? true));
}

/** First what was given, then what was derived from it and does not show it: a hash, a text in capitals. */
function learnPending(): void {
  if (pending.size === 0) return;
  const remembered = [...pending];
  pending.clear();
  for (const [text, derived] of remembered) {
    if (derived) continue;
    learn(text);
    for (const line of text.split(/\r?\n/)) {
      const bare = line.trim();
      if (bare.length >= shortest && !/^-----(BEGIN|END) [A-Z ]+-----$/.test(bare)) learn(bare);
    }
  }
  refreshTables();
  for (const [text, derived] of remembered) if (derived && findAll(text).length === 0) learn(text);
  refreshTables();
}

function learn(text: string): void {
  if (known.has(text)) return;
  known.add(text);
  fresh.push(text);
}

/** The text with every known secret masked, in whatever usual encoding and however it is broken over lines. */
export function scrub(text: string): string {
  if (text.length < shortest) return text;
  learnPending();
  if (known.size === 0) return text;
  const found = findAll(text);
  if (breaks.test(text)) {
    const squeezed = squeeze(text);
    for (const { start, end } of findAll(squeezed.text)) found.push({ start: squeezed.origin(start), end: squeezed.origin(end - 1) + 1 });
  }
  return found.length === 0 ? text : replaced(text, joined(found));
}

function findAll(text: string): Stretch[] {
  return tables.flatMap((t) => [...t.matcher.find(text)]);
}

function refreshTables(): void {
  if (fresh.length === 0) return;
  let words = fresh.splice(0).flatMap(wordsFor);
  for (let last = tables.at(-1); last && last.words.length <= words.length; last = tables.at(-1)) {
    words = [...last.words, ...words];
    tables.pop();
  }
  tables.push({ words, matcher: new Matcher(words) });
}

function wordsFor(secret: string): string[] {
  return [...encodingsOf(secret)].flatMap((form) => [form, squeeze(form).text]).filter((f) => f.length >= shortest);
}

/** A line break, real or as JSON writes it, with the indentation behind it. */
const breaks = /(?:\r?\n|\\r|\\n)[ \t]*/;
const allBreaks = new RegExp(breaks, "g");

/** The text as one line, and where each of its letters stood. */
function squeeze(text: string): { readonly text: string; origin(index: number): number } {
  const kept: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(allBreaks)) {
    if (match.index > from) kept.push({ start: from, end: match.index });
    from = match.index + match[0].length;
  }
  if (from < text.length) kept.push({ start: from, end: text.length });
  const starts: number[] = [];
  let length = 0;
  for (const k of kept) {
    starts.push(length);
    length += k.end - k.start;
  }
  return {
    text: kept.map((k) => text.slice(k.start, k.end)).join(""),
    origin(index) {
      const piece = lastAtMost(starts, index);
      return (kept[piece]?.start ?? 0) + index - (starts[piece] ?? 0);
    },
  };
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function joined(stretches: Stretch[]): Stretch[] {
  const all: { start: number; end: number }[] = [];
  for (const s of stretches.sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last && s.start <= last.end) last.end = Math.max(last.end, s.end);
    else all.push({ ...s });
  }
  return all;
}

/** The lines stay as many as they were, so that what stands beside a masked text keeps its place. */
function replaced(text: string, stretches: readonly Stretch[]): string {
  let out = "";
  let from = 0;
  for (const { start, end } of stretches) {
    out += text.slice(from, start) + text.slice(start, end).replace(/[^\r\n]+/g, mask);
    from = end;
  }
  return out + text.slice(from);
}
