import { isDeepStrictEqual } from "node:util";
import { canonicalExpression } from "./expression.ts";
import { pathOf } from "./place.ts";
import { entrypoint, isOurs, type Phase, type Rule } from "./ruleset.ts";

/** All rules of the phase as they shall be: ours together where the first of them stood, else behind those of others. */
export function merged(now: readonly Rule[], ours: readonly Rule[]): readonly Rule[] {
  const first = now.findIndex(isOurs);
  const at = first < 0 ? now.length : first;
  const foreign = (rules: readonly Rule[]): readonly Rule[] => rules.filter((r) => !isOurs(r));
  return [...foreign(now.slice(0, at)), ...ours, ...foreign(now.slice(at))];
}

/** Whether nothing has to be written: ours are there, in their order, side by side or not, and nothing else of ours is. */
export function sameRules(now: readonly Rule[], ours: readonly Rule[]): boolean {
  const there = now.filter(isOurs);
  return there.length === ours.length && ours.every((rule, i) => sameRule(there[i], rule));
}

/** Only what is declared is compared: Cloudflare fills in fields. */
export function sameRule(now: Rule | undefined, wanted: Rule): boolean {
  if (!now) return false;
  return covers(now, { ...wanted, expression: canonicalExpression(wanted.expression) });
}

function covers(now: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return isDeepStrictEqual(now, wanted);
  if (typeof now !== "object" || now === null) return false;
  return Object.entries(wanted).every(([name, value]) => value === undefined || covers((now as Record<string, unknown>)[name], value));
}

/** The rules as they are sent: those that are there by their identifiers, without which they would lose their history. */
export function sent(phase: Phase, now: readonly Rule[], rules: readonly Rule[]): readonly object[] {
  const list = `${entrypoint(phase)}/rules`;
  return rules.map((rule) => (now.some((r) => r.ref === rule.ref) ? { id: { $id: pathOf(list, { ref: rule.ref }) }, ...rule } : rule));
}
