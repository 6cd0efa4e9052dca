import type { Rule } from "../../facts/cloudflare/ruleset.ts";

/** What a plan allows, as Cloudflare's documentation has it. A plan that is not here is left to the trial. */
const plans: Readonly<
  Record<string, { readonly custom: number; readonly rates: number; readonly period: number; readonly timeout: number }>
> = {
  free: { custom: 5, rates: 1, period: 10, timeout: 10 },
  pro: { custom: 20, rates: 2, period: 60, timeout: 3600 },
  business: { custom: 100, rates: 5, period: 600, timeout: 86400 },
};

/** Fields that the expression of a rate limit may use on Free. */
const freeRateFields = new Set(["http.request.uri.path", "cf.client.bot", "cf.bot_management.verified_bot"]);

/** Why the plan does not allow these rules, or undefined. Those of others count too. */
export function beyondPlan(phase: string, rules: readonly Rule[], plan: string | null): string | undefined {
  const limit = plans[plan ?? ""];
  if (!limit) return undefined;
  const many = (most: number, what: string): string | undefined =>
    rules.length > most
      ? `the plan ${plan} allows ${most} ${what} and there would be ${rules.length}, those of others included: leave some out`
      : undefined;
  if (rules.some((r) => r.action === "log")) return "the action log is for the plan enterprise";
  const matching = plan !== "business" && rules.find((r) => /\smatches\s/.test(unquoted(r.expression)));
  if (matching) return `rule ${matching.ref}: "matches" is for the plan business and above: use eq, contains or starts_with`;
  if (phase === "http_request_firewall_custom") return many(limit.custom, "custom rules");
  if (phase === "ddos_l7") return many(1, "override of the DDoS protection");
  if (phase !== "http_ratelimit") return undefined;
  for (const { ref, ratelimit, expression } of rules) {
    const { period, mitigation_timeout: timeout } = (ratelimit ?? {}) as { readonly period?: number; readonly mitigation_timeout?: number };
    if (period !== undefined && (period > limit.period || (plan === "free" && period !== 10)))
      return `rule ${ref}: a period of ${period} s is more than the plan ${plan} allows (${limit.period})`;
    if (timeout !== undefined && (timeout > limit.timeout || (plan === "free" && timeout !== 10)))
      return `rule ${ref}: a mitigation_timeout of ${timeout} s is not what the plan ${plan} allows (${limit.timeout})`;
    const field = plan === "free" && (unquoted(expression).match(/\b[a-z_]+(?:\.[a-z0-9_]+)+/g) ?? []).find((f) => !freeRateFields.has(f));
    if (field) return `rule ${ref}: the plan free cannot count by ${field}, only by the path`;
  }
  return many(limit.rates, limit.rates === 1 ? "rate limit" : "rate limits");
}

function unquoted(expression: string): string {
  return expression.replace(/"(?:\\.|[^"\\])*"/g, '""');
}
