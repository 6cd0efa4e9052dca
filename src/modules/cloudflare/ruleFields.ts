import { z } from "zod";
import { type ManagedRulesets, mark, type Rule } from "../../facts/cloudflare/ruleset.ts";

/** Identifiers that Cloudflare's documentation gives, from the most protection to the least. */
const waf = [
  { id: "efb7b8c949ac4650a09736fc376e9aee", name: "Cloudflare Managed Ruleset" },
  { id: "77454fe2d30c4220b5701f6fdfb893ba", name: "Cloudflare Managed Free Ruleset" },
];
const owasp = { id: "4814384a9e5d4991b9815dcfc25d2f1f", name: "Cloudflare OWASP Core Ruleset" };

const parameters = z.record(z.string(), z.unknown());

/** One rule as a playbook writes it. */
export const ruleField = z
  .strictObject({
    ref: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, "a rule is named like login_limit")
      .describe("What makes the rule the same one in the next run."),
    action: z
      .enum(["block", "managed_challenge", "js_challenge", "challenge", "skip", "log", "execute", "set_cache_settings"])
      .optional()
      .describe("What is done. Not needed with `managed`."),
    expression: z.string().min(1).default("true").describe("For which requests, in Cloudflare's rule language."),
    description: z.string().optional().describe("Shown in the dashboard."),
    enabled: z.boolean().default(true).describe("Whether it acts."),
    managed: z
      .enum(["best", "owasp", "only"])
      .optional()
      .describe("Execute rules that Cloudflare keeps: the best general set of the plan, OWASP's, or the only one there is in the phase."),
    action_parameters: parameters.optional().describe("Parameters of the action as the API takes them."),
    ratelimit: z
      .strictObject({
        characteristics: z.array(z.string()).default(["cf.colo.id", "ip.src"]).describe("What is counted together."),
        period: z.int().min(10).describe("Seconds in which is counted."),
        requests_per_period: z.int().min(1).describe("Requests that are let through in that time."),
        mitigation_timeout: z.int().min(0).describe("Seconds for which the action lasts."),
      })
      .optional()
      .describe("For phase `http_ratelimit`."),
  })
  .refine((r) => (r.action === undefined) !== (r.managed === undefined), { error: "give `action` or `managed`", path: ["action"] });

/** The rule as it is sent, or why it cannot be. */
export function ruleOf(given: z.output<typeof ruleField>, offered: ManagedRulesets | undefined): Rule | string {
  const { ref, managed, action, ...rest } = given;
  const rule = { ...defined(rest), expression: rest.expression, ref: `${mark}${ref}` };
  if (managed === undefined) return { ...rule, action: action ?? "block" };
  const there = offered?.rulesets ?? [];
  const found =
    managed === "only"
      ? there.length === 1
        ? there[0]
        : undefined
      : (managed === "owasp" ? [owasp] : waf).find((w) => there.some((r) => r.id === w.id));
  if (!found) return `rule ${ref}: the plan has no such ruleset; there is ${there.map((r) => r.name).join(", ") || "none"}`;
  return { ...rule, action: "execute", action_parameters: { id: found.id, ...rule.action_parameters } };
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
