/** A default route, with the host's own address on that interface. */
export interface DefaultRoute {
  readonly interface: string | null;
  readonly address: string | null;
  readonly gateway: string | null;
}

export const noRoute: DefaultRoute = { interface: null, address: null, gateway: null };

interface Route4 {
  readonly name: string;
  readonly net: number;
  readonly gateway: number;
  readonly metric: number;
  readonly mask: number;
}

/** Local addresses out of /proc/net/fib_trie, without loopback. */
export function addresses4(fib: readonly string[]): string[] {
  const found = fib.flatMap((line, i) => (line.includes("host LOCAL") ? [/\|-- ([\d.]+)/.exec(fib[i - 1] ?? "")?.[1] ?? ""] : []));
  return [...new Set(found)].filter((a) => a !== "" && !a.startsWith("127.")).sort((a, b) => numberOf(a) - numberOf(b));
}

/** The IPv4 default route with the lowest metric out of /proc/net/route; the address is the one inside the interface's own network. */
export function default4(table: readonly string[], addresses: readonly string[]): DefaultRoute {
  const routes = table.slice(1).flatMap(route4);
  const chosen = routes.filter((r) => r.net === 0 && r.mask === 0).sort((a, b) => a.metric - b.metric)[0];
  if (!chosen) return noRoute;
  const networks = routes.filter((r) => r.name === chosen.name && r.gateway === 0 && r.mask !== 0).sort((a, b) => b.mask - a.mask);
  const inside = addresses.find((a) => networks.some((n) => (numberOf(a) & n.mask) >>> 0 === n.net));
  return {
    interface: chosen.name,
    address: inside ?? (addresses.length === 1 ? (addresses[0] ?? null) : null),
    gateway: chosen.gateway === 0 ? null : dotted(chosen.gateway),
  };
}

function route4(line: string): Route4[] {
  const [name, net, gateway, , , , metric, mask] = line.trim().split(/\s+/);
  return name && net && gateway && mask
    ? [{ name, net: littleEndian(net), gateway: littleEndian(gateway), metric: Number(metric), mask: littleEndian(mask) }]
    : [];
}

interface Address6 {
  readonly name: string;
  readonly address: string;
}

/** Lasting global addresses out of /proc/net/if_inet6. */
export function addresses6(lines: readonly string[]): Address6[] {
  return lines.flatMap((line) => {
    const [hex = "", , , scope, flags = "0", name = ""] = line.trim().split(/\s+/);
    const temporary = (Number.parseInt(flags, 16) & 0x01) !== 0;
    return scope === "00" && !temporary ? [{ name, address: colons(hex) }] : [];
  });
}

/** The IPv6 default route with the lowest metric out of /proc/net/ipv6_route; routes that reject are none. */
export function default6(table: readonly string[], addresses: readonly Address6[]): DefaultRoute {
  const routes = table.flatMap((line) => {
    const [net = "", length, , , gateway = "", metric = "0", , , flags = "0", name = ""] = line.trim().split(/\s+/);
    const isDefault = /^0+$/.test(net) && length === "00" && name !== "lo" && (Number.parseInt(flags, 16) & 0x200) === 0;
    return isDefault ? [{ name, gateway, metric: Number.parseInt(metric, 16) }] : [];
  });
  const chosen = routes.sort((a, b) => a.metric - b.metric)[0];
  if (!chosen) return noRoute;
  return {
    interface: chosen.name,
    address: addresses.find((a) => a.name === chosen.name)?.address ?? null,
    gateway: /^0+$/.test(chosen.gateway) ? null : colons(chosen.gateway),
  };
}

function littleEndian(hex: string): number {
  return Number.parseInt(hex.match(/../g)?.reverse().join("") ?? "0", 16);
}

function numberOf(address: string): number {
  return address.split(".").reduce((all, part) => all * 256 + Number(part), 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** 32 hex digits as people write them: RFC 5952. */
function colons(hex: string): string {
  const groups = (hex.match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
