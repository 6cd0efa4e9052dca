import { isDeepStrictEqual } from "node:util";
import type { Conditions } from "../../facts/cloudflare/access.ts";
import { sentConditions } from "../../facts/cloudflare/access-rules.ts";
import type { ChangedField } from "../../kernel/change.ts";
import { inWords } from "./conditionFields.ts";

const parts = ["include", "require", "exclude"] as const;

export function sameConditions(a: Conditions, b: Conditions): boolean {
  return parts.every((part) => isDeepStrictEqual(a[part], b[part]));
}

/** What differs, part by part. */
export function conditionFieldsOf(before: Conditions, after: Conditions): ChangedField[] {
  return parts
    .filter((part) => !isDeepStrictEqual(before[part], after[part]))
    .map((part) => ({ name: part, before: inWords(before[part]), after: inWords(after[part]) }));
}

/** The three parts as they are sent. */
export function sentParts(zone: string, conditions: Conditions): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(parts.map((part) => [part, sentConditions(zone, conditions[part])]));
}
