import { type Asked, type Json, ok, Refused } from "../reply.ts";
import { hexId, now, type Zone } from "../state.ts";
import type { Routes } from "./routes.ts";
import { planRefusal } from "./rule-limits.ts";
import { zoneOf } from "./zones.ts";

/** The rulesets that Cloudflare itself keeps, with the identifiers that its documentation gives. */
const managed: readonly Json[] = [
  { id: "77454fe2d30c4220b5701f6fdfb893ba", name: "Cloudflare Managed Free Ruleset", phase: "http_request_firewall_managed", plan: "free" },
  { id: "efb7b8c949ac4650a09736fc376e9aee", name: "Cloudflare Managed Ruleset", phase: "http_request_firewall_managed", plan: "pro" },
  { id: "4814384a9e5d4991b9815dcfc25d2f1f", name: "Cloudflare OWASP Core Ruleset", phase: "http_request_firewall_managed", plan: "pro" },
  { id: "4d21379b4f9f4bb088e0729962c8b3cf", name: "DDoS L7 ruleset", phase: "ddos_l7", plan: "any" },
];

/** One rule as it is kept: spaces in expressions are made even, defaults filled in. */
function ruleOf(given: Json, old: readonly Json[]): Json {
  const known = given.id === undefined ? undefined : old.find((r) => r.id === given.id);
  if (given.id !== undefined && !known) throw new Refused(400, 20118, `rule with id ${given.id} not found in the ruleset`);
  const id = known?.id ?? hexId();
  const { id: _, ...rest } = given;
  const unchanged = known && JSON.stringify(stripped(known)) === JSON.stringify(stripped({ ...rest, id }));
  return {
    ...rest,
    id,
    ref: given.ref ?? id,
    expression: String(given.expression ?? "true")
      .replace(/\s+/g, " ")
      .trim(),
    enabled: given.enabled ?? true,
    ...(given.action === "block" && { logging: given.logging }),
    version: unchanged ? known.version : String(Number(known?.version ?? 0) + 1),
    last_updated: now(),
  };
}

function stripped(rule: Json): Json {
  const { version: _, last_updated: __, ...rest } = rule;
  return Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function put(asked: Asked, zone: Zone): Json | undefined {
  const phase = asked.params.ruleset_phase ?? "";
  const old = zone.rulesets.get(phase);
  const given = (asked.body.rules ?? []) as Json[];
  const refs = given.map((r) => r.ref).filter((r) => r !== undefined);
  if (new Set(refs).size !== refs.length) throw new Refused(400, 20124, "two rules have the same ref");
  const rules = given.map((r) => ruleOf(r, old?.rules ?? []));
  const why = planRefusal(phase, rules, zone.plan);
  if (why) throw new Refused(400, 20127, why);
  if (asked.query.get("dry_run") === "true") return undefined;
  const made = {
    id: old?.id ?? hexId(),
    name: asked.body.name ?? old?.name ?? "default",
    description: asked.body.description ?? "",
    kind: "zone",
    phase,
    // Counts up even when nothing differs.
    version: String(Number(old?.version ?? 0) + 1),
    last_updated: now(),
    rules: rules.map((r) => JSON.parse(JSON.stringify(r))),
  };
  zone.rulesets.set(phase, made);
  return made;
}

export const rulesetRoutes: Routes = {
  "GET /zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint": (asked, account) => {
    const found = zoneOf(asked, account).rulesets.get(asked.params.ruleset_phase ?? "");
    if (!found) throw new Refused(404, 10003, "could not find entrypoint ruleset in the given phase");
    return ok(found);
  },
  "PUT /zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint": (asked, account) => ok(put(asked, zoneOf(asked, account)) ?? null),
  "GET /accounts/{account_id}/rulesets": (_asked, account) => {
    const seen = managed.filter((m) => m.plan === "any" || m.plan === account.plan);
    return ok(
      seen.map(({ id, name, phase }) => ({ id, name, phase, kind: "managed", version: "31", description: "", last_updated: now() })),
    );
  },
};
