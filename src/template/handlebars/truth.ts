import { isMap, type Value } from "../../kernel/value.ts";

/** What `#if` takes as true: everything but false, null, 0, and the empty text, list and map. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return value !== false && value !== null && value !== 0 && value !== "";
}
