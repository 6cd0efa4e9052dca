import type { Json } from "../reply.ts";
import type { Plan } from "../state.ts";

const limits = {
  free: { custom: 5, rate: 1, periods: [10], timeouts: [10], cache: 10 },
  pro: {
    custom: 20,
    rate: 2,
    periods: [10, 15, 20, 30, 40, 45, 60],
    timeouts: [10, 15, 20, 30, 40, 45, 60, 90, 120, 600, 3600],
    cache: 25,
  },
};
const freeManaged = "77454fe2d30c4220b5701f6fdfb893ba";
/** What expressions of rate limits may look at on Free. */
const rateFields = ["http.request.uri.path", "cf.client.bot", "cf.bot_management.verified_bot"];

/** Why the plan does not allow these rules in this phase, or undefined. */
export function planRefusal(phase: string, rules: readonly Json[], plan: Plan): string | undefined {
  const limit = limits[plan];
  for (const rule of rules) {
    const open = rule.expression.replace(/"(\\.|[^"\\])*"/g, '""');
    if ((open.match(/\(/g) ?? []).length !== (open.match(/\)/g) ?? []).length || open.replace(/""/g, "").includes('"'))
      return `rule ${rule.ref}: the expression cannot be parsed`;
    if (/\bmatches\b|~/.test(open)) return `rule ${rule.ref}: not entitled to use the operator matches`;
    if (rule.action === "log") return `rule ${rule.ref}: not entitled to use the action log`;
  }
  switch (phase) {
    case "http_request_firewall_custom":
      if (rules.some((r) => r.action_parameters?.response !== undefined) && plan === "free") return "not entitled to custom block answers";
      return rules.length > limit.custom
        ? `exceeded maximum number of rules in the phase http_request_firewall_custom: ${limit.custom}`
        : undefined;
    case "http_ratelimit":
      return rateRefusal(rules, plan);
    case "http_request_firewall_managed":
      for (const rule of rules) {
        if (rule.action !== "execute") continue;
        if ((rule.action_parameters.id === freeManaged) !== (plan === "free"))
          return `not entitled to deploy the ruleset ${rule.action_parameters.id}`;
      }
      return undefined;
    case "ddos_l7":
      if (rules.length > 1) return "not entitled: one override of ddos_l7 at most";
      if (rules.some((r) => r.action !== "execute" || r.expression !== "true")) return "ddos_l7 takes one execute rule for all requests";
      return undefined;
    case "http_request_cache_settings":
      if (rules.some((r) => r.action !== "set_cache_settings")) return "http_request_cache_settings takes set_cache_settings only";
      return rules.length > limit.cache ? "too many cache rules" : undefined;
    default:
      return `the emulator knows no phase ${phase}`;
  }
}

function rateRefusal(rules: readonly Json[], plan: Plan): string | undefined {
  const limit = limits[plan];
  if (rules.length > limit.rate) return `exceeded maximum number of rules in the phase http_ratelimit: ${limit.rate}`;
  for (const rule of rules) {
    const r = rule.ratelimit;
    if (!r) return `rule ${rule.ref}: ratelimit is missing`;
    if (!r.characteristics.includes("cf.colo.id")) return "characteristics must contain cf.colo.id";
    if (plan === "free" && r.characteristics.some((c: string) => c !== "cf.colo.id" && c !== "ip.src"))
      return "not entitled to count by other characteristics than the address";
    if (!limit.periods.includes(r.period)) return `not entitled to use the period ${r.period}, allowed: ${limit.periods.join(", ")}`;
    if (!limit.timeouts.includes(r.mitigation_timeout)) return `not entitled to use the mitigation timeout ${r.mitigation_timeout}`;
    if (plan === "free") {
      const fields = (rule.expression.replace(/"(\\.|[^"\\])*"/g, "").match(/\b[a-z_]+(\.[a-z_0-9]+)+\b/g) ?? []) as string[];
      const other = fields.find((f) => !rateFields.includes(f));
      if (other) return `not entitled to use the field ${other} in a rate limiting rule`;
    }
  }
  return undefined;
}
