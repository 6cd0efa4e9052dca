/** Longer values are shown in part. */
const longest = 200;
/** Characters before the first difference of two long values. */
const lead = 40;

/** A value in words. */
export function worded(value: unknown): string {
  if (value === undefined || value === null) return "absent";
  if (value === "") return '""';
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.some((v) => typeof v === "object" && v !== null)) return JSON.stringify(value);
  return value.length === 0 ? "none" : value.map(String).join(", ");
}

/** Two values in words; of long ones the part where they begin to differ. */
export function wordedPair(before: unknown, after: unknown): readonly [string, string] {
  const [a, b] = [worded(before), worded(after)];
  if (a.length <= longest && b.length <= longest) return [a, b];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const from = Math.max(0, same - lead);
  return [part(a, from), part(b, from)];
}

function part(text: string, from: number): string {
  if (text.length <= longest) return text;
  return `${from > 0 ? "…" : ""}${text.slice(from, from + longest)}${from + longest < text.length ? "…" : ""}`;
}
