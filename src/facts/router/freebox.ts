import { defineApiFact } from "../../kernel/apifact.ts";
import { flagOf, type Json, mapOf, mapsOf, stringOf, textOf } from "./json.ts";
import { type Forward, nameIn, type Ports, type Reservation, type RouterState } from "./state.ts";

/** `freeboxRouter({})`: forwards, static leases and the line, five requests. */
export const freeboxRouter = defineApiFact<Readonly<Record<never, never>>, RouterState>({
  kind: "router_freebox",
  summary: "A Freebox: its forwards, static leases, and what the line is like.",
  api: ["freebox"],
  object: () => "box",
  async ask(client, keys) {
    const [redirections, leases, connection, ipv6, igd, system] = [
      await client.get("fw/redir/"),
      await client.get("dhcp/static_lease/"),
      mapOf(await client.get("connection/")),
      mapOf(await client.get("connection/ipv6/config/")),
      mapOf(await client.get("upnpigd/config/")),
      mapOf(await client.get("system/")),
    ];
    const prefix = mapsOf(ipv6.delegations).find((d) => textOf(d.next_hop) === null);
    const state: RouterState = {
      forwards: mapsOf(redirections).map(forwardOf),
      reservations: mapsOf(leases).map(reservationOf),
      pinholes: null,
      line: {
        ipv4: textOf(connection.ipv4),
        ports: rangeOf(connection.ipv4_port_range),
        prefix: flagOf(ipv6.ipv6_enabled) === false ? null : textOf(prefix?.prefix),
        firewall6: flagOf(ipv6.ipv6_firewall),
        upnp: flagOf(igd.enabled),
        firmware: textOf(system.firmware_version),
      },
      unsettled: false,
    };
    return keys.map(() => state);
  },
});

function forwardOf(r: Json): Forward {
  const label = stringOf(r.comment);
  const first = Number(r.wan_port_start);
  const source = stringOf(r.src_ip);
  return {
    id: stringOf(r.id),
    name: nameIn(label),
    label,
    protocol: r.ip_proto === "udp" ? "udp" : "tcp",
    wan: [first, Number(r.wan_port_end) || first],
    to: stringOf(r.lan_ip),
    port: Number(r.lan_port),
    source: source === "" || source === "0.0.0.0" ? null : source,
    enabled: r.enabled === true,
  };
}

function reservationOf(r: Json): Reservation {
  const label = stringOf(r.comment);
  return { id: stringOf(r.id), name: nameIn(label), label, mac: stringOf(r.mac).toLowerCase(), ip: stringOf(r.ip) };
}

/** All ports are no range. */
function rangeOf(value: unknown): Ports | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [first, last] = value.map(Number) as [number, number];
  return first <= 1 && last >= 65535 ? null : [first, last];
}
