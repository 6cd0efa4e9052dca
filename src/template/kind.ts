import { Secret, Unknown, type Value } from "../kernel/value.ts";

/** What a value is, in a person's words: `a text`, `a list`. */
export function kindOf(value: Value | bigint): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (typeof value === "string" || value instanceof Secret) return "a text";
  if (value instanceof Unknown) return "not known yet";
  return Array.isArray(value) ? "a list" : "a map";
}
