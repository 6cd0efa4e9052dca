import { defineApiFact } from "../../kernel/apifact.ts";
import { flagOf, type Json, mapOf, mapsOf, portsOf, stringOf, textOf } from "./json.ts";
import { pendingHandles, settledLabel } from "./pending.ts";
import { prefixOf } from "./prefix.ts";
import { type Forward, nameIn, type Pinhole, type RouterState } from "./state.ts";

export interface OpnsenseKey {
  readonly wan: string;
  readonly lan: string;
}

const all = "?current=1&rowCount=-1";

/** `opnsenseRouter({ wan: "wan", lan: "lan" })`: destination NAT, reservations of Kea, rules for IPv6, and the line. */
export const opnsenseRouter = defineApiFact<OpnsenseKey, RouterState>({
  kind: "router_opnsense",
  summary: "A router with OPNsense: its forwards, reservations of Kea, openings for IPv6, and what the line is like.",
  api: ["opnsense"],
  object: ({ wan }) => `behind ${wan}`,
  async ask(client, keys) {
    const rows = async (path: string): Promise<readonly Json[]> => mapsOf(mapOf(await client.get(`${path}${all}`)).rows);
    const nat = (await rows("firewall/d_nat/search_rule")).filter((r) => !automatic(r));
    const rules = (await rows("firewall/filter/search_rule")).filter((r) => !automatic(r));
    const kea = mapOf(mapOf(mapOf(await client.get("kea/dhcpv4/get")).dhcpv4).general);
    const leases = flagOf(kea.enabled) === true ? await rows("kea/dhcpv4/search_reservation") : null;
    const subnets = leases === null ? [] : await rows("kea/dhcpv4/search_subnet");
    const interfaces = mapsOf(mapOf(await client.get(`interfaces/overview/interfaces_info${all}`)).rows);
    const filter = JSON.stringify((await client.get("diagnostics/firewall/pf_statistics/info")) ?? "");
    const firmware = mapOf(await client.get("core/firmware/info"));
    return keys.map(({ wan, lan }): RouterState => {
      const outside = nat.filter((r) => [wan, ""].includes(stringOf(r.interface)) && flagOf(r.nordr) !== true);
      const openings = rules.filter(
        (r) => r.ipprotocol === "inet6" && r.action === "pass" && r.interface === wan && textOf(r.destination_net) !== null,
      );
      const [forwards, pinholes] = [outside.map(forwardOf), openings.map(pinholeOf)];
      const reserved = leases?.map((l) => ({
        id: stringOf(l.uuid),
        label: stringOf(l.description),
        mac: stringOf(l.hw_address).toLowerCase(),
        ip: stringOf(l.ip_address),
      }));
      const pending = {
        ...pendingHandles(
          "forward",
          outside.map((r) => ({ id: stringOf(r.uuid), label: stringOf(r.descr), enabled: flagOf(r.disabled) !== true })),
        ),
        ...pendingHandles(
          "pinhole",
          openings.map((r) => ({ id: stringOf(r.uuid), label: stringOf(r.description), enabled: flagOf(r.enabled) !== false })),
        ),
        ...pendingHandles(
          "reservation",
          (reserved ?? []).map((r) => ({ ...r, enabled: true })),
        ),
      };
      const leaving = (thing: string, id: string | null): boolean => pending[`pending ${thing} ${id}`] === "";
      const v4 = interfaces.find((i) => i.identifier === wan);
      const v6 = interfaces.find((i) => i.identifier === lan);
      const prefix = textOf(v6?.addr6);
      return {
        forwards: forwards.filter((f) => !leaving("forward", f.id)),
        pinholes: pinholes.filter((p) => !leaving("pinhole", p.id)),
        reservations: reserved?.map((r) => ({ ...r, label: settledLabel(r.label), name: nameIn(settledLabel(r.label)) })) ?? null,
        line: {
          ipv4: textOf(stringOf(v4?.addr4).split("/")[0]),
          ports: null,
          prefix: prefix === null ? null : prefixOf(prefix),
          firewall6: /Enabled/.test(filter) ? true : /Disabled/.test(filter) ? false : null,
          upnp: null,
          firmware: textOf(firmware.product_version),
        },
        unsettled: Object.keys(pending).length > 0,
        handles: { ...pending, ...Object.fromEntries(subnets.map((s) => [`subnet ${stringOf(s.subnet)}`, stringOf(s.uuid)])) },
      };
    });
  },
});

/** Rules that OPNsense made by itself. */
function automatic(r: Json): boolean {
  return flagOf(r.is_automatic) === true || /^(automatic|lockout)_/.test(stringOf(r.uuid));
}

function protocolOf(r: Json): "tcp" | "udp" | "both" {
  const protocol = stringOf(r.protocol).toLowerCase();
  return protocol === "tcp" || protocol === "udp" ? protocol : "both";
}

function forwardOf(r: Json): Forward {
  const label = settledLabel(textOf(r.descr) ?? `rule ${stringOf(r.uuid)}`);
  const wan = portsOf(r["destination.port"]) ?? [1, 65535];
  const source = stringOf(r["source.network"]);
  return {
    id: stringOf(r.uuid),
    name: nameIn(label),
    label,
    protocol: protocolOf(r),
    wan,
    to: stringOf(r.target),
    port: portsOf(r["local-port"])?.[0] ?? wan[0],
    source: source === "" || source === "any" ? null : source,
    enabled: flagOf(r.disabled) !== true,
  };
}

function pinholeOf(r: Json): Pinhole {
  const label = settledLabel(textOf(r.description) ?? `rule ${stringOf(r.uuid)}`);
  return {
    id: stringOf(r.uuid),
    name: nameIn(label),
    label,
    protocol: protocolOf(r),
    to: stringOf(r.destination_net).replace(/\/128$/, ""),
    ports: portsOf(r.destination_port) ?? [1, 65535],
    enabled: flagOf(r.enabled) !== false,
  };
}
