import { type NftObject, nftObject, nftWords } from "./nft-json.ts";
import { hostsFolder, type NftRule, nftRules, nftTable, nftText } from "./nftables-table.ts";
import { prefixOf } from "./prefix.ts";
import { type Forward, nameIn, type Pinhole, type Ports, type Reservation, type RouterState } from "./state.ts";

/** The state that these lines tell. */
export function readNftables(text: string, wan: string): RouterState {
  const told = (letter: string): string[] =>
    text.split("\n").flatMap((line) => (line.startsWith(`${letter} `) ? [line.slice(2)] : line === letter ? [""] : []));
  const objects = told("n").map(nftObject);
  const rules = objects.flatMap((o) => ruleOf(o));
  const ours = rules.filter((r) => r.table === `inet ${nftTable}`);
  const forwards = rules.flatMap((r) => forwardsIn(r, wan));
  const pinholes = ours.flatMap((r) => pinholesIn(r));
  const file = told("f")
    .map((line) => `${line}\n`)
    .join("");
  const expected = nftRules({ forwards, pinholes }, wan);
  const held = ours.length > 0;
  const wants = held || file !== "" ? nftText(expected) : "";
  const dhcp = told("h")
    .map((folder) => folder.trim().replace(/\/$/, ""))
    .includes(hostsFolder);
  const drops = objects.some(({ chain }) => chain?.hook === "forward" && chain.policy === "drop" && /^(ip6|inet)$/.test(chain.family));
  const [prefix] = told("p");
  return {
    forwards,
    pinholes,
    reservations: dhcp ? [...told("r").map(ourReservation), ...told("o").flatMap(otherReservation)] : null,
    line: {
      ipv4: told("a")[0]?.split("/")[0] ?? null,
      ports: null,
      prefix: prefix === undefined ? null : prefixOf(prefix),
      firewall6: held || drops,
      upnp: told("u")[0] === "on",
      firmware: told("v")[0] ?? null,
    },
    unsettled: file !== wants || (held && !sameRules(ours, expected)),
  };
}

interface TableRule extends NftRule {
  readonly table: string;
  readonly handle: number;
}

function ruleOf({ rule }: NftObject): TableRule[] {
  if (!rule) return [];
  const words = nftWords(rule.expr) ?? "";
  return [{ table: `${rule.family} ${rule.table}`, chain: rule.chain, handle: rule.handle ?? 0, words, comment: rule.comment ?? "" }];
}

function sameRules(ours: readonly NftRule[], expected: readonly NftRule[]): boolean {
  const line = (r: NftRule): string => `${r.chain} ${r.words} # ${r.comment}`;
  return ours.map(line).sort().join("\n") === expected.map(line).sort().join("\n");
}

const forwardRule = /^(?:iifname (\S+) )?(?:ip saddr (\S+) )?(tcp|udp) dport (\S+) dnat ip to ([0-9.]+)(?::(\d+)(?:-\d+)?)?$/;

/** A rule of somebody else that is not understood counts for all ports: nothing is put in its way. */
function forwardsIn(rule: TableRule, wan: string): Forward[] {
  if (!rule.words.includes("dnat ip to") && rule.words !== "") return [];
  const own = rule.table === `inet ${nftTable}`;
  const name = own ? nameIn(rule.comment) : null;
  // Without our mark in our table it is drift, which the next write removes.
  if (own && name === null) return [];
  const id = `${rule.table} ${rule.chain} ${rule.handle}`;
  const label = rule.comment === "" ? `a rule of the table ${rule.table}` : rule.comment;
  const [match, inner, source = null, protocol, ports = "", to = "", port] =
    forwardRule.exec(rule.words.replace(/\b(ip daddr|nfproto|ct state) \S+ /g, "")) ?? [];
  if (!match) return [{ id, name, label, protocol: "both", wan: [1, 65535], to: "", port: 1, source: null, enabled: true }];
  if (inner !== undefined && !inner.split(",").includes(wan)) return [];
  return ports.split(",").map((one): Forward => {
    const range = portsOf(one);
    return { id, name, label, protocol: protocol as "tcp" | "udp", wan: range, to, port: Number(port ?? range[0]), source, enabled: true };
  });
}

function pinholesIn(rule: TableRule): Pinhole[] {
  const [match, to = "", protocol, ports = ""] = /^iifname \S+ ip6 daddr (\S+) (tcp|udp) dport (\S+) accept$/.exec(rule.words) ?? [];
  if (!match) return [];
  const { comment: label } = rule;
  return [{ id: nftTable, name: nameIn(label), label, protocol: protocol as "tcp" | "udp", to, ports: portsOf(ports), enabled: true }];
}

function portsOf(text: string): Ports {
  const [first = "0", last = first] = text.split("-");
  return [Number(first), Number(last)];
}

/** `FILE MAC,IP,LABEL` of a file of ours. */
function ourReservation(line: string): Reservation {
  const [file = "", mac = "", ip = ""] = line.split(/[ ,]/);
  return { id: file, name: file, label: `rempart: ${file}`, mac: mac.toLowerCase(), ip };
}

/** `MAC,IP,...` in any order, from the configuration of dnsmasq. */
function otherReservation(line: string): Reservation[] {
  const words = line.split(",").map((w) => w.trim());
  const mac = words.find((w) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(w));
  const ip = words.find((w) => /^\d+\.\d+\.\d+\.\d+$/.test(w));
  return mac !== undefined && ip !== undefined ? [{ id: null, name: null, label: line, mac: mac.toLowerCase(), ip }] : [];
}
