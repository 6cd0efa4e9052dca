import type { CloudflareEmulator } from "./emulator.ts";
import type { Json } from "./reply.ts";

const volatile = new Set([
  "id",
  "version",
  "last_updated",
  "modified_on",
  "created",
  "created_on",
  "created_at",
  "updated_at",
  "certificate",
  "looked",
  "expires_on",
]);

/** Everything that the emulator stores, without identifiers and what counts up: two ways to the same end give the same. */
export function stored({ account, zone }: CloudflareEmulator): Json {
  const names = new Map<string, string>();
  for (const map of [account.identityProviders, account.groups, account.policies])
    for (const [id, o] of map) names.set(id, `the ${o.type ?? ""} ${o.name}`);
  const plain = (value: Json): Json => {
    if (typeof value === "string") return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(plain);
    if (value instanceof Map) return [...value.values()].map(plain).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== "object" || value === null) return value;
    // A reference by identifier says which object is meant, its own identifier does not.
    const kept = Object.entries(value).filter(([k, v]) => !volatile.has(k) || (k === "id" && names.has(v as string)));
    return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, plain(v)]));
  };
  const { id: _, zones: __, ...rest } = account;
  const { rulesets, ...zoneRest } = zone;
  return {
    account: plain(rest),
    zone: plain(zoneRest),
    rules: Object.fromEntries([...rulesets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([phase, r]) => [phase, plain(r.rules)])),
  };
}
