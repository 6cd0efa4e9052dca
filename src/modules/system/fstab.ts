import { mountName } from "../../facts/mount.ts";

/** A line of fstab. */
export interface FstabEntry {
  readonly src: string;
  readonly path: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: number;
  readonly passno: number;
}

/** The line of an entry, one blank between its fields. */
export function fstabLine(e: FstabEntry): string {
  return [mountName(e.src), mountName(e.path), e.fstype, e.opts, e.dump, e.passno].join(" ");
}

/** The text in which this entry stands once, in the place of the last line for its path; all other lines stay as they are. */
export function setEntry(text: string, entry: FstabEntry): string {
  const lines = linesOf(text);
  const places = lines.flatMap((line, i) => (pathIn(line) === entry.path ? [i] : []));
  const last = places.at(-1);
  const line = fstabLine(entry);
  if (last === undefined) return joined([...lines, line]);
  if (places.length === 1 && normal(lines[last] ?? "") === line) return text;
  return joined(lines.map((old, i) => (i === last ? line : old)).filter((_, i) => i === last || !places.includes(i)));
}

/** The text without a line for this path. */
export function withoutEntry(text: string, path: string): string {
  const lines = linesOf(text);
  const kept = lines.filter((line) => pathIn(line) !== path);
  return kept.length === lines.length ? text : joined(kept);
}

/** The lines for this path as they would be written here, several with a semicolon; undefined for none. */
export function entryIn(text: string, path: string): string | undefined {
  const found = linesOf(text).filter((line) => pathIn(line) === path);
  return found.length === 0 ? undefined : found.map(normal).join("; ");
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function pathIn(line: string): string | undefined {
  const [src, path] = line.trim().split(/[ \t]+/);
  if (src === undefined || path === undefined || src.startsWith("#")) return undefined;
  const plain = path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return plain.length > 1 ? plain.replace(/\/+$/, "") || "/" : plain;
}

/** With all six fields; what is left out is 0, as mount(8) reads it. */
function normal(line: string): string {
  const fields = line.trim().split(/[ \t]+/);
  return [...fields, ...["", "", "", "defaults", "0", "0"].slice(fields.length)].slice(0, 6).join(" ");
}
