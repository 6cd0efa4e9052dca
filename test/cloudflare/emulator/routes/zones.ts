import { type Asked, type Json, ok, page, Refused } from "../reply.ts";
import { type Account, newZone, now, type Zone } from "../state.ts";
import type { Routes } from "./routes.ts";

export function zoneOf(asked: Asked, account: Account): Zone {
  const zone = account.zones.get(asked.params.zone_id ?? "");
  if (!zone) throw new Refused(404, 7003, "Could not route to the zone: no such zone or no permission");
  return zone;
}

function shown(zone: Zone, account: Account): Json {
  const servers = ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"];
  return {
    id: zone.id,
    name: zone.name,
    status: zone.status,
    paused: false,
    type: "full",
    development_mode: 0,
    name_servers: servers,
    original_name_servers: zone.status === "active" ? servers : ["ns1.registrar.example", "ns2.registrar.example"],
    original_registrar: null,
    original_dnshost: null,
    created_on: zone.created,
    modified_on: now(),
    activated_on: zone.status === "active" ? zone.created : null,
    meta: { step: 2, custom_certificate_quota: 0, page_rule_quota: 3, phishing_detected: false },
    owner: { id: null, type: "user", email: null },
    account: { id: account.id, name: account.name },
    permissions: ["#zone:read"],
    plan: { id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", name: zone.plan === "free" ? "Free Website" : "Pro Website", legacy_id: zone.plan },
  };
}

export const zoneRoutes: Routes = {
  "GET /zones": (asked, account) => {
    const name = asked.query.get("name");
    const found = [...account.zones.values()].filter((z) => name === null || z.name === name);
    return page(
      found.map((z) => shown(z, account)),
      asked,
    );
  },
  "POST /zones": (asked, account) => {
    if ([...account.zones.values()].some((z) => z.name === asked.body.name))
      throw new Refused(400, 1061, `${asked.body.name} already exists`);
    const zone = newZone(asked.body.name, account.plan, "pending");
    account.zones.set(zone.id, zone);
    return ok(shown(zone, account));
  },
  "GET /zones/{zone_id}": (asked, account) => ok(shown(zoneOf(asked, account), account)),
  "GET /zones/{zone_id}/entitlements": (asked, account) => {
    const free = zoneOf(asked, account).plan === "free";
    const allocation = (key: string, type: string, value: Json) => ({
      id: key,
      allocation: { type, value },
      created_date: "2026-01-01T00:00:00Z",
      edited_date: "2026-01-01T00:00:00Z",
      deleted_date: "",
      feature: { id: 1, key, name: key, feature_set: "zone" },
    });
    return ok([
      allocation("rulesets.firewall_custom_rules", "max_count", free ? 5 : 20),
      allocation("rulesets.ratelimit_rules", "max_count", free ? 1 : 2),
    ]);
  },
  "GET /accounts": (asked, account) => page([accountShown(account)], asked),
  "GET /accounts/{account_id}": (_asked, account) => ok(accountShown(account)),
  "PUT /accounts/{account_id}": (asked, account) => {
    account.enforceTwoFactor = asked.body.settings?.enforce_twofactor ?? false;
    return ok(accountShown(account));
  },
  "GET /accounts/{account_id}/members": (asked, account) => page(account.members, asked),
};

function accountShown(account: Account): Json {
  const settings = { enforce_twofactor: account.enforceTwoFactor };
  return { id: account.id, name: account.name, type: "standard", created_on: "2026-01-01T00:00:00Z", settings };
}
