import { defineApiFact } from "../../kernel/apifact.ts";
import { flagOf, type Json, mapOf, mapsOf, portsOf, stringOf, textOf } from "./json.ts";
import { type Forward, nameIn, type Pinhole, type RouterState } from "./state.ts";

export interface RouterosKey {
  /** The list of interfaces to the provider. */
  readonly wan: string;
}

/** `routerosRouter({ wan: "WAN" })`: the rules that forward, the leases, and the line. All its values are texts. */
export const routerosRouter = defineApiFact<RouterosKey, RouterState>({
  kind: "router_routeros",
  summary: "A router with RouterOS 7: its forwards, static leases, openings of the IPv6 firewall, and what the line is like.",
  api: ["routeros"],
  object: ({ wan }) => `behind ${wan}`,
  async ask(client, keys) {
    const nat = mapsOf(await client.get("ip/firewall/nat"));
    const leases = mapsOf(await client.get("ip/dhcp-server/lease"));
    const members = mapsOf(await client.get("interface/list/member"));
    const addresses = mapsOf(await client.get("ip/address"));
    const filter = mapsOf(await client.get("ipv6/firewall/filter"));
    const delegated = mapsOf(await client.get("ipv6/dhcp-client")).map((c) => stringOf(c.prefix).split(",")[0]);
    const upnp = mapOf(await client.get("ip/upnp"));
    const system = mapOf(await client.get("system/resource"));
    return keys.map(({ wan }): RouterState => {
      const outside = members.filter((m) => m.list === wan).map((m) => m.interface);
      const address = addresses.find((a) => outside.includes(a.interface) && flagOf(a.disabled) !== true);
      const drop = filter.find((r) => drops(r, wan));
      const waiting = leases
        .filter((l) => flagOf(l.dynamic) === true)
        .map((l) => [`dynamic ${stringOf(l["mac-address"]).toLowerCase()}`, stringOf(l[".id"])]);
      return {
        forwards: nat.filter((r) => r.chain === "dstnat" && r.action === "dst-nat" && comesFrom(r, wan)).map(forwardOf),
        reservations: leases
          .filter((l) => flagOf(l.dynamic) !== true && flagOf(l.disabled) !== true)
          .map((l) => ({
            id: stringOf(l[".id"]),
            name: nameIn(stringOf(l.comment)),
            label: stringOf(l.comment),
            mac: stringOf(l["mac-address"]).toLowerCase(),
            ip: stringOf(l.address),
          })),
        pinholes: filter
          .filter((r) => r.chain === "forward" && r.action === "accept" && textOf(r["dst-port"]) !== null && comesFrom(r, wan))
          .map(pinholeOf),
        line: {
          ipv4: textOf(stringOf(address?.address).split("/")[0]),
          ports: null,
          prefix: textOf(delegated.find((p) => textOf(p) !== null)),
          firewall6: drop !== undefined,
          upnp: flagOf(upnp.enabled),
          firmware: textOf(system.version),
        },
        unsettled: false,
        handles: { ...Object.fromEntries(waiting), ...(drop && { drop: stringOf(drop[".id"]) }) },
      };
    });
  },
});

function comesFrom(rule: Json, wan: string): boolean {
  return [wan, ""].includes(stringOf(rule["in-interface-list"]));
}

/** What drops the rest that comes in from outside. */
function drops(rule: Json, wan: string): boolean {
  const from = stringOf(rule["in-interface-list"]);
  const all = ["protocol", "dst-port", "dst-address", "src-address", "connection-state", "hop-limit"].every(
    (name) => textOf(rule[name]) === null,
  );
  return (
    rule.chain === "forward" &&
    ["drop", "reject"].includes(stringOf(rule.action)) &&
    flagOf(rule.disabled) !== true &&
    all &&
    [wan, "!LAN", ""].includes(from)
  );
}

function protocolOf(rule: Json): "tcp" | "udp" | "both" {
  return rule.protocol === "tcp" || rule.protocol === "udp" ? rule.protocol : "both";
}

function forwardOf(r: Json): Forward {
  const label = textOf(r.comment) ?? (flagOf(r.dynamic) === true ? `opened by UPnP (${stringOf(r[".id"])})` : `rule ${stringOf(r[".id"])}`);
  const wan = portsOf(r["dst-port"]) ?? [1, 65535];
  return {
    id: stringOf(r[".id"]),
    name: flagOf(r.dynamic) === true ? null : nameIn(label),
    label,
    protocol: protocolOf(r),
    wan,
    to: stringOf(r["to-addresses"]),
    port: portsOf(r["to-ports"])?.[0] ?? wan[0],
    source: textOf(r["src-address"]),
    enabled: flagOf(r.disabled) !== true,
  };
}

function pinholeOf(r: Json): Pinhole {
  const label = textOf(r.comment) ?? `rule ${stringOf(r[".id"])}`;
  return {
    id: stringOf(r[".id"]),
    name: nameIn(label),
    label,
    protocol: protocolOf(r),
    to: stringOf(r["dst-address"]).replace(/\/128$/, ""),
    ports: portsOf(r["dst-port"]) ?? [1, 65535],
    enabled: flagOf(r.disabled) !== true,
  };
}
