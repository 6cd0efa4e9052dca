import type { Json } from "../emulator/reply.ts";
import type { Zone } from "../emulator/state.ts";
import { NotKnown } from "./not-known.ts";

/** Records of a name; those of a wildcard where the name itself has none. */
export function recordsOf(zone: Zone, name: string): readonly Json[] {
  const all = [...zone.records.values()];
  const own = all.filter((r) => r.name === name);
  return own.length > 0 || name === zone.name ? own : all.filter((r) => r.name === name.replace(/^[^.]+/, "*"));
}

export function inZone(zone: Zone, name: string): boolean {
  return name === zone.name || name.endsWith(`.${zone.name}`);
}

/** Whether visitors of the name come to the edge. */
export function isProxied(zone: Zone, name: string): boolean {
  return inZone(zone, name) && recordsOf(zone, name).some((r) => r.proxied);
}

/** Address of the server behind a proxied name. */
export function originOf(zone: Zone, name: string, hops = 0): string {
  const records = recordsOf(zone, name);
  const address = records.find((r) => r.type === "A") ?? records.find((r) => r.type === "AAAA");
  if (address) return address.content;
  const other = records.find((r) => r.type === "CNAME")?.content;
  if (other === undefined || !inZone(zone, other) || hops > 8)
    throw new NotKnown(`${name} leads to ${other ?? "nothing"}, out of the zone`);
  return originOf(zone, other, hops + 1);
}
