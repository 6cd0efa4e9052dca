import { z } from "zod";
import {
  canonicalRule,
  cloudflareManaged,
  entrypoint,
  isOurs,
  mark,
  phases,
  type Rule,
  cloudflareRuleset as rulesetFact,
} from "../../facts/cloudflare/ruleset.ts";
import { merged, sameRule, sameRules, sent } from "../../facts/cloudflare/ruleset-merge.ts";
import { cloudflareTrial } from "../../facts/cloudflare/ruleset-trial.ts";
import { cloudflareZone } from "../../facts/cloudflare/zone.ts";
import { type ChangedField, change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { beyondPlan } from "./planLimits.ts";
import { ruleField, ruleOf } from "./ruleFields.ts";
import { zoneField } from "./zoneField.ts";

const args = z
  .strictObject({
    zone: zoneField,
    phase: z.enum(phases).describe("Which kind of rules."),
    rules: z.array(ruleField).describe("Our rules, in the order in which they act. An empty list removes ours."),
    trial: z
      .boolean()
      .default(true)
      .describe("Let Cloudflare check the rules without storing them before anything is written, in check mode too."),
  })
  .refine((a) => new Set(a.rules.map((r) => r.ref)).size === a.rules.length, { error: "two rules have the same `ref`", path: ["rules"] });

/** The rules of one phase of a zone. */
export const cloudflareRuleset = defineModule({
  name: "cloudflare_ruleset",
  kind: "state",
  summary: "Keep our rules in one phase of a zone: firewall, rate limit, cache.",
  notes: [
    "The phase's list is read, ours are laid into it by their `ref`, and the whole is written at once. Rules of others stay where they are.",
    "Rules of ours that are not in `rules` any more are removed.",
    "What the plan does not allow is refused before anything is written.",
  ],
  args,
  result: z.object({ rules: z.array(z.string()).describe("The `ref` of every rule of the phase, those of others included.") }),
  examples: [
    {
      title: "Visitors from one country only",
      yaml: "cloudflare_ruleset: { zone: example.org, phase: http_request_firewall_custom, rules: [{ ref: countries, action: block, expression: 'not ip.src.country in {\"FR\"}' }] }",
    },
    {
      title: "The rules that Cloudflare keeps",
      yaml: "cloudflare_ruleset: { zone: example.org, phase: http_request_firewall_managed, rules: [{ ref: managed, managed: best }] }",
    },
    { title: "None of ours", yaml: "cloudflare_ruleset: { zone: example.org, phase: http_ratelimit, rules: [] }" },
  ],
  facts: (a) => ({
    zone: cloudflareZone({ zone: a.zone }),
    ruleset: rulesetFact(a),
    managed: a.rules.some((r) => r.managed !== undefined) ? [cloudflareManaged({ zone: a.zone, phase: a.phase })] : [],
    trial:
      a.trial && a.rules.every((r) => r.managed === undefined)
        ? [cloudflareTrial({ zone: a.zone, phase: a.phase, rules: a.rules.map((r) => ruleOf(r, undefined) as Rule) })]
        : [],
  }),
  plan(a, facts) {
    const now = facts.ruleset.value.rules;
    const ours: Rule[] = [];
    for (const given of a.rules) {
      const rule = ruleOf(given, facts.managed[0]?.value);
      if (typeof rule === "string") return refusal(rule);
      ours.push(rule);
    }
    if (sameRules(now, ours)) return [];
    const after = merged(now, ours);
    const beyond = beyondPlan(a.phase, after, facts.zone.value.plan);
    if (beyond) return refusal(`${a.zone}: ${beyond}`);
    const [trial] = facts.trial;
    if (trial?.value.refused) return refusal(`Cloudflare would not take the rules: ${trial.value.refused}`);
    const planned = change(
      facts.ruleset,
      { rules: after.map((rule) => canonicalRule({ ...rule })) },
      {
        do: [{ do: "call", method: "PUT", path: entrypoint(a), body: { rules: sent(a, now, after) } }],
        subject: `rules ${a.phase} of ${a.zone}`,
      },
    );
    return [{ ...planned, fields: changedRules(now, ours) }];
  },
  resultOf: (_a, { after }) => ({ rules: (after.ruleset.missing ? [] : after.ruleset.value.rules).map((r) => r.ref) }),
});

function changedRules(now: readonly Rule[], ours: readonly Rule[]): ChangedField[] {
  const word = (rule: Rule | undefined): string | undefined =>
    rule && `${rule.enabled === false ? "(off) " : ""}${rule.action} ${rule.expression}`;
  const old = new Map(now.filter(isOurs).map((r) => [r.ref, r]));
  const gone = [...old.values()].filter((r) => !ours.some((o) => o.ref === r.ref));
  const fields = [
    ...gone.map((r) => ({ name: r.ref.slice(mark.length), before: word(r), after: undefined })),
    ...ours.flatMap((rule) => {
      const before = old.get(rule.ref);
      if (sameRule(before, rule)) return [];
      const [was, is] = [word(before), word(rule)];
      return [{ name: rule.ref.slice(mark.length), before: was, after: was === is ? `${is}, with other parameters` : is }];
    }),
  ];
  return fields.length > 0 ? fields : [{ name: "order of rules", before: "another", after: "as declared" }];
}
