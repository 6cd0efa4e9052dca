import { defineApiFact } from "../../kernel/apifact.ts";
import { flagOf, type Json, mapOf, mapsOf, portsOf, stringOf, textOf } from "./json.ts";
import { pendingHandles, settledLabel } from "./pending.ts";
import { plainAddress } from "./prefix.ts";
import { type Forward, nameIn, type Pinhole, type RouterState } from "./state.ts";

/** `liveboxRouter({})`: forwards of all origins, static leases, IPv6 openings and the line. */
export const liveboxRouter = defineApiFact<Readonly<Record<never, never>>, RouterState>({
  kind: "router_livebox",
  summary: "A Livebox: its forwards, static leases, openings of the IPv6 firewall, and what the line is like.",
  api: ["livebox"],
  object: () => "box",
  async ask(client, keys) {
    const rules = entries(mapOf(await client.get("Firewall getPortForwarding {}")).status);
    const holes = entries(mapOf(await client.get("Firewall getPinhole {}")).status);
    const leases = mapsOf(mapOf(await client.get("DHCPv4.Server.Pool.default getStaticLeases {}")).status);
    const line = mapOf(mapOf(await client.get("NMC getWANStatus {}")).data);
    const level = stringOf(mapOf(await client.get("Firewall getFirewallIPv6Level {}")).status);
    const igd = mapOf(mapOf(await client.get("UPnP-IGD get {}")).status);
    const device = mapOf(mapOf(await client.get("DeviceInfo get {}")).status);
    const pending = { ...pendingHandles("forward", rules.map(marked)), ...pendingHandles("pinhole", holes.map(marked)) };
    const state: RouterState = {
      forwards: rules.map(forwardOf).filter((f) => pending[`pending forward ${f.id}`] !== ""),
      pinholes: holes.map(pinholeOf).filter((p) => pending[`pending pinhole ${p.id}`] !== ""),
      // Leases carry no description, so none is ever known as ours.
      reservations: leases.map((l) => {
        const mac = stringOf(l.MACAddress).toLowerCase();
        return { id: mac, name: null, label: `the lease of ${mac}`, mac, ip: stringOf(l.IPAddress) };
      }),
      line: {
        ipv4: textOf(line.IPAddress),
        ports: null,
        prefix: textOf(line.IPv6DelegatedPrefix),
        firewall6: firewallOf(level),
        upnp: flagOf(igd.Enable),
        firmware: textOf(device.SoftwareVersion),
      },
      unsettled: Object.keys(pending).length > 0,
      // A forward is deleted by its id and its target together.
      handles: { ...pending, ...Object.fromEntries(rules.map((r) => [`target ${idOf(r)}`, stringOf(r.DestinationIPAddress)])) },
    };
    return keys.map(() => state);
  },
});

/** A map by id; each entry says its id too, with the origin in front. */
function entries(status: unknown): readonly Json[] {
  return Object.entries(mapOf(status)).map(([id, entry]) => ({ Id: id, ...mapOf(entry) }));
}

/** The id without the origin that the box puts in front: it is given back with or without it. */
function idOf(r: Json): string {
  return stringOf(r.Id).replace(/^webui_/, "");
}

function marked(r: Json): { readonly id: string; readonly label: string; readonly enabled: boolean } {
  return { id: idOf(r), label: stringOf(r.Description), enabled: flagOf(r.Enable) !== false };
}

/** At the level Low the box lets everything in by IPv6; what Custom does is not told. */
function firewallOf(level: string): boolean | null {
  return level === "Low" ? false : level === "Medium" || level === "High" ? true : null;
}

function protocolOf(r: Json): "tcp" | "udp" | "both" {
  return r.Protocol === "6" ? "tcp" : r.Protocol === "17" ? "udp" : "both";
}

function forwardOf(r: Json): Forward {
  const label = settledLabel(textOf(r.Description) ?? stringOf(r.Id));
  const wan = portsOf(r.ExternalPort) ?? [1, 65535];
  return {
    id: idOf(r),
    name: nameIn(label),
    label,
    protocol: protocolOf(r),
    wan,
    to: stringOf(r.DestinationIPAddress),
    port: portsOf(r.InternalPort)?.[0] ?? wan[0],
    source: textOf(r.SourcePrefix),
    enabled: flagOf(r.Enable) !== false,
  };
}

function pinholeOf(r: Json): Pinhole {
  const label = settledLabel(textOf(r.Description) ?? stringOf(r.Id));
  return {
    id: idOf(r),
    name: nameIn(label),
    label,
    protocol: protocolOf(r),
    to: plainAddress(stringOf(r.DestinationIPAddress)),
    ports: portsOf(r.DestinationPort) ?? [1, 65535],
    enabled: flagOf(r.Enable) !== false,
  };
}
