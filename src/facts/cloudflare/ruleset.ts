import { defineApiFact } from "../../kernel/apifact.ts";
import { canonicalExpression } from "./expression.ts";
import { accountPath, listAt, objectAt, picked, type Raw, textIn, zonePath } from "./place.ts";

/** Rules whose `ref` begins so are ours; all others belong to somebody else and stay. */
export const mark = "rempart_";

/** A rule as it can be written, without what Cloudflare counts up by itself. */
export interface Rule {
  readonly ref: string;
  readonly action: string;
  readonly expression: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly action_parameters?: Raw;
  readonly ratelimit?: Raw;
}

/** The rules of one phase of a zone, in their order. */
export interface Ruleset {
  readonly rules: readonly Rule[];
}

/** The phases that are managed. */
export const phases = [
  "http_request_firewall_custom",
  "http_request_firewall_managed",
  "http_ratelimit",
  "http_request_cache_settings",
  "ddos_l7",
] as const;

/** A phase of a zone. */
export interface Phase {
  readonly zone: string;
  readonly phase: string;
}

const writable = [
  "ref",
  "action",
  "expression",
  "description",
  "enabled",
  "action_parameters",
  "ratelimit",
  "logging",
  "exposed_credential_check",
];

export function entrypoint({ zone, phase }: Phase): string {
  return `${zonePath(zone)}/rulesets/phases/${phase}/entrypoint`;
}

/** Ours with the expression in the form for comparing; those of others as they are, since they are sent back so. */
export function canonicalRule(rule: Raw): Rule {
  const kept = picked(rule, writable);
  const known = { ...kept, ref: String(rule.ref ?? rule.id), expression: String(rule.expression ?? "true"), action: String(rule.action) };
  return isOurs(known) ? { ...known, expression: canonicalExpression(known.expression) } : known;
}

export function isOurs({ ref }: Pick<Rule, "ref">): boolean {
  return ref.startsWith(mark);
}

/** `cloudflareRuleset({ zone, phase })`: a phase without a ruleset has no rules. */
export const cloudflareRuleset = defineApiFact<Phase, Ruleset>({
  kind: "cloudflare_ruleset",
  summary: "The rules of one phase of a zone at Cloudflare, those of others included.",
  api: ["cloudflare"],
  object: ({ zone, phase }) => `${zone} ${phase}`,
  absent: ({ rules }) => rules.length === 0,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async (key): Promise<Ruleset> => {
        const raw = await objectAt(client, entrypoint(key));
        return { rules: ((raw?.rules ?? []) as readonly Raw[]).map(canonicalRule) };
      }),
    ),
});

/** Rulesets that Cloudflare keeps itself and the plan includes. */
export interface ManagedRulesets {
  readonly rulesets: readonly { readonly id: string; readonly name: string }[];
}

/** `cloudflareManaged({ zone, phase })` */
export const cloudflareManaged = defineApiFact<Phase, ManagedRulesets>({
  kind: "cloudflare_managed",
  summary: "The rulesets kept by Cloudflare that an account may put to work in a phase.",
  api: ["cloudflare"],
  object: ({ zone, phase }) => `${zone} ${phase}`,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone, phase }): Promise<ManagedRulesets> => {
        const all = await listAt(client, `${accountPath(zone)}/rulesets`);
        const fitting = all.filter((r) => r.kind === "managed" && r.phase === phase);
        return {
          rulesets: fitting.map((r) => ({ id: String(r.id), name: textIn(r, "name") ?? "" })).sort((a, b) => (a.id < b.id ? -1 : 1)),
        };
      }),
    ),
});
