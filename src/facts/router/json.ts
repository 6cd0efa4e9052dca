/** Reading what an API says, without trusting its shape. */
export type Json = Readonly<Record<string, unknown>>;

/** A map, or an empty one. */
export function mapOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** A list of maps; a map of maps counts as the list of its values. */
export function mapsOf(value: unknown): readonly Json[] {
  const list = Array.isArray(value) ? value : Object.values(mapOf(value));
  return list.filter((one) => typeof one === "object" && one !== null && !Array.isArray(one)) as Json[];
}

/** A text that is not empty, else null. Numbers count as their text. */
export function textOf(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : null;
}

export function stringOf(value: unknown): string {
  return textOf(value) ?? "";
}

/** true, 1, "1", "true", "yes" and "on" are true, their opposites false; anything else, or nothing, is not told. */
export function flagOf(value: unknown): boolean | null {
  const word =
    typeof value === "boolean" || typeof value === "number" ? String(value) : typeof value === "string" ? value.toLowerCase() : "";
  if (["true", "1", "yes", "on"].includes(word)) return true;
  return ["false", "0", "no", "off"].includes(word) ? false : null;
}

/** `443`, `6000-6010` or `6000:6010`; null for anything else. */
export function portsOf(value: unknown): readonly [number, number] | null {
  const match = /^(\d{1,5})(?:[-:](\d{1,5}))?$/.exec(stringOf(value));
  return match ? [Number(match[1]), Number(match[2] ?? match[1])] : null;
}
