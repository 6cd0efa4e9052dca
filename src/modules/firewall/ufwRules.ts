import type { Ufw } from "../../facts/ufw.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import type { UfwRuleArguments } from "./ufwArguments.ts";
import { tupleWords } from "./ufwFields.ts";
import { families, fulfils, ruleWords, sameRule, tupleOf, type UfwRule } from "./ufwRule.ts";

/** The lists as ufw will write them, the rules that differ, and the steps that lead there. */
export interface RulesPlan {
  readonly rules4: readonly string[];
  readonly rules6: readonly string[];
  readonly changed: readonly { readonly family: 4 | 6; readonly before?: string; readonly after?: string }[];
  readonly steps: readonly ExecStep[];
  /** Rules were in another order. */
  readonly moved?: boolean;
}

/** One rule, there or (with `delete`) not there; undefined when it is so already. */
export function planRule(
  a: UfwRuleArguments & { readonly delete?: boolean; readonly insert?: number | undefined },
  now: Pick<Ufw, "rules4" | "rules6" | "ipv6">,
): RulesPlan | undefined {
  const rule = ruleOf(a);
  const lists = { 4: [...now.rules4], 6: [...now.rules6] };
  const changed: { family: 4 | 6; before?: string; after?: string }[] = [];
  for (const family of families(rule, now.ipv6)) {
    const wanted = tupleOf(rule, family);
    const list = lists[family];
    const at = list.findIndex((found) => sameRule(found, wanted));
    const found = list[at];
    if (a.delete) {
      if (found === undefined || found.split(" ")[0] !== wanted.split(" ")[0]) continue;
      list.splice(at, 1);
    } else {
      if (found !== undefined && fulfils(found, wanted)) continue;
      if (found === undefined) list.push(wanted);
      else list[at] = wanted;
    }
    changed.push({ family, ...(found !== undefined && { before: found }), ...(!a.delete && { after: wanted }) });
  }
  if (changed.length === 0) return undefined;
  const place = a.delete
    ? ["delete"]
    : a.insert === undefined || changed.some((f) => f.before !== undefined)
      ? []
      : ["insert", String(a.insert)];
  const words = ruleWords(a.delete ? { ...rule, comment: undefined } : rule);
  const step = exec("ufw", ...(a.delete ? ["--force"] : []), ...(rule.route ? ["route"] : []), ...place, ...words);
  return { rules4: lists[4], rules6: lists[6], changed, steps: [step] };
}

/** These rules and no others, in this order. What is missing comes before what is not wanted goes, so that nothing wanted is shut in between. */
export function planRules(all: readonly UfwRuleArguments[], now: Ufw): RulesPlan | undefined {
  // For ufw two rules for the same packets are one, and of two the first would count.
  const identity = (r: UfwRuleArguments): string => tupleOf(ruleOf(r), 4);
  const rules = all.filter((r, i) => all.findIndex((other) => sameRule(identity(other), identity(r))) === i);
  let lists: Pick<Ufw, "rules4" | "rules6"> = now;
  const changed: RulesPlan["changed"][number][] = [];
  const steps: ExecStep[] = [];
  for (const rule of rules) {
    const planned = planRule(rule, { ...lists, ipv6: now.ipv6 });
    if (planned === undefined) continue;
    lists = planned;
    changed.push(...planned.changed);
    steps.push(...planned.steps);
  }
  const left = { 4: lists.rules4, 6: lists.rules6 };
  for (const family of [4, 6] as const) {
    const wanted = rules.map((r) => tupleOf(ruleOf(r), family));
    for (const found of left[family].filter((f) => !wanted.some((w) => sameRule(f, w)))) {
      left[family] = left[family].filter((f) => f !== found);
      changed.push({ family, before: found });
      const [first, ...words] = tupleWords(found);
      steps.push(exec("ufw", "--force", ...(first === "route" ? ["route", "delete"] : ["delete", first ?? ""]), ...words));
    }
  }
  const late = rules.slice(firstOutOfPlace(rules, left, now.ipv6));
  for (const rule of late) {
    for (const way of [{ ...rule, delete: true }, rule]) {
      const planned = planRule(way, { rules4: left[4], rules6: left[6], ipv6: now.ipv6 });
      Object.assign(left, { 4: planned?.rules4 ?? left[4], 6: planned?.rules6 ?? left[6] });
      steps.push(...(planned?.steps ?? []));
    }
  }
  return steps.length === 0 ? undefined : { rules4: left[4], rules6: left[6], changed, steps, moved: late.length > 0 };
}

/** The place in `rules` from which on the lists have another order; their number when they have the same. */
function firstOutOfPlace(
  rules: readonly UfwRuleArguments[],
  lists: { readonly 4: readonly string[]; readonly 6: readonly string[] },
  ipv6: boolean,
): number {
  const next = { 4: 0, 6: 0 };
  const at = rules
    .map(ruleOf)
    .findIndex((rule) => families(rule, ipv6).some((f) => !sameRule(lists[f][next[f]++] ?? "", tupleOf(rule, f))));
  return at < 0 ? rules.length : at;
}

function ruleOf(a: UfwRuleArguments): UfwRule {
  const direction = a.direction === "out" || a.direction === "outgoing" ? "out" : "in";
  return {
    action: a.rule,
    direction,
    from: a.from_ip,
    fromPort: a.from_port,
    to: a.to_ip,
    toPort: a.to_port ?? a.port,
    app: a.name,
    proto: a.proto,
    interfaceIn: a.interface_in ?? (direction === "in" ? a.interface : undefined),
    interfaceOut: a.interface_out ?? (direction === "out" ? a.interface : undefined),
    route: a.route,
    log: a.log,
    comment: a.comment,
  };
}
