import { BlockList, isIP } from "node:net";

/** Whether an IPv4 or IPv6 address lies in one of the ranges (`192.0.2.0/24`) or is one of the addresses. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const list = new BlockList();
  for (const range of ranges) add(list, range);
  return list.check(address, family === 6 ? "ipv6" : "ipv4");
}

function add(list: BlockList, range: string): void {
  const [address = "", bits] = range.split("/");
  const family = isIP(address);
  if (family === 0) return;
  const [name, all] = family === 6 ? (["ipv6", 128] as const) : (["ipv4", 32] as const);
  const length = bits === undefined ? all : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (length <= all) list.addSubnet(address, length, name);
}
