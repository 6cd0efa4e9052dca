import { BlockList, isIP } from "node:net";
import type { Settings } from "./xml.ts";

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"];

/** The address of the visitor: a forwarded one counts only from a known proxy, from the last to the first, as far as proxies are known. */
export function visitorOf(peer: string, forwarded: string | undefined, known: readonly string[]): string {
  const proxies = listOf(known);
  const chain = (forwarded ?? "").split(",").flatMap((one) => (isIP(one.trim()) ? [one.trim()] : []));
  let visitor = peer.replace(/^::ffff:/, "");
  while (has(proxies, visitor) && chain.length > 0) visitor = chain.pop() ?? visitor;
  return visitor;
}

/** Loopback is always local; with no subnets named, every private range is. */
export function isLocal(address: string, network: Settings): boolean {
  if (address === "::1" || address.startsWith("127.")) return true;
  const named = network.LocalNetworkSubnets as readonly string[];
  return has(listOf(named.length > 0 ? named : privateRanges), address);
}

function has(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? "ipv6" : "ipv4");
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", bits] = range.split("/");
    const version = isIP(address);
    if (version === 0) continue;
    list.addSubnet(address, bits === undefined ? (version === 6 ? 128 : 32) : Number(bits), version === 6 ? "ipv6" : "ipv4");
  }
  return list;
}
