import type { Json } from "../emulator/reply.ts";
import type { Zone } from "../emulator/state.ts";
import { NotKnown, oneOf, onlyKeys } from "./not-known.ts";

const either = ["on", "off"];

/** Values of the zone's settings under which the stand-in does what the edge does. */
const understood: Readonly<Record<string, readonly unknown[]>> = {
  ssl: ["full", "strict"],
  ssl_automatic_mode: ["auto", "custom"],
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  tls_1_3: ["on", "off", "zrt"],
  always_use_https: either,
  tls_client_auth: either,
  websockets: either,
  // They change pages, or speak of protocols that are not spoken here: no effect on what is let in.
  automatic_https_rewrites: either,
  opportunistic_encryption: either,
  email_obfuscation: either,
  browser_check: either,
  ipv6: either,
  http3: either,
  security_level: ["off", "essentially_off", "low", "medium", "high"],
  rocket_loader: ["off"],
  development_mode: ["off"],
};

/** Refuses what is stored in the zone's settings and is not understood here. */
export function checkSettings(zone: Zone): void {
  for (const [id, { value }] of zone.settings) {
    if (id === "security_header") {
      onlyKeys(value, ["strict_transport_security"], id);
      onlyKeys(value.strict_transport_security, ["enabled", "max_age", "include_subdomains", "preload", "nosniff"], id);
    } else if (Object.hasOwn(understood, id)) oneOf(value, understood[id] ?? [], `the setting ${id}`);
    else throw new NotKnown(`the setting ${id}`);
  }
  if (zone.status !== "active") throw new NotKnown(`a zone that is ${zone.status}`);
}

export function setting(zone: Zone, id: string): Json {
  return zone.settings.get(id)?.value;
}

/** Headers that the zone's settings add to every answer over HTTPS. */
export function settingHeaders(zone: Zone): Readonly<Record<string, string>> {
  const hsts = setting(zone, "security_header").strict_transport_security;
  const value = [
    `max-age=${hsts.max_age}`,
    ...(hsts.include_subdomains ? ["includeSubDomains"] : []),
    ...(hsts.preload ? ["preload"] : []),
  ];
  return {
    ...(hsts.enabled && { "strict-transport-security": value.join("; ") }),
    ...(hsts.nosniff && { "x-content-type-options": "nosniff" }),
  };
}
