import { defineApiFact } from "../../kernel/apifact.ts";
import { flagOf, type Json, mapOf, mapsOf, portsOf, stringOf, textOf } from "./json.ts";
import { type Forward, nameIn, type Reservation, type RouterState } from "./state.ts";

/** `bboxRouter({})`: forwards, static clients of the DHCP and the line. */
export const bboxRouter = defineApiFact<Readonly<Record<never, never>>, RouterState>({
  kind: "router_bbox",
  summary: "A Bbox: its forwards, static clients of its DHCP, and what the line is like.",
  api: ["bbox"],
  object: () => "box",
  async ask(client, keys) {
    const inside = async (path: string, ...names: readonly string[]): Promise<Json> =>
      names.reduce((value, name) => mapOf(value[name]), mapOf(mapsOf(await client.get(path))[0]));
    const nat = await inside("nat/rules", "nat");
    const dhcp = await inside("dhcp/clients", "dhcp");
    const ip = await inside("wan/ip", "wan", "ip");
    const igd = await inside("upnp/igd", "upnp", "igd");
    const device = await inside("device", "device");
    const [prefix] = mapsOf(ip.ip6prefix).map((p) => textOf(p.prefix));
    const state: RouterState = {
      forwards: mapsOf(nat.rules).map(forwardOf),
      reservations: mapsOf(dhcp.clients).map(reservationOf),
      pinholes: null,
      line: {
        ipv4: textOf(ip.address),
        ports: portsOf(ip.portrange),
        prefix: prefix ?? null,
        firewall6: null,
        upnp: flagOf(igd.enable),
        firmware: textOf(mapOf(device.main).version),
      },
      unsettled: false,
    };
    return keys.map(() => state);
  },
});

function forwardOf(r: Json): Forward {
  const label = stringOf(r.description);
  const wan = portsOf(r.externalport) ?? [1, 65535];
  const protocol = stringOf(r.protocol).toLowerCase();
  return {
    id: stringOf(r.id),
    name: nameIn(label),
    label,
    protocol: protocol === "tcp" || protocol === "udp" ? protocol : "both",
    wan,
    to: stringOf(r.internalip),
    port: portsOf(r.internalport)?.[0] ?? wan[0],
    source: textOf(r.ipremote),
    enabled: flagOf(r.enable) !== false,
  };
}

/** A client has no description, so its hostname carries the mark: `rempart-server`. */
function reservationOf(r: Json): Reservation {
  const label = stringOf(r.hostname);
  const name = /^rempart-([a-z0-9][a-z0-9-]*)$/.exec(label)?.[1] ?? null;
  return { id: stringOf(r.id), name, label, mac: stringOf(r.macaddress).toLowerCase(), ip: stringOf(r.ipaddress) };
}
