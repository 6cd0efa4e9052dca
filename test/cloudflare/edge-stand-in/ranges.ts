import { BlockList, isIP } from "node:net";

/** A test whether an address is in one of these ranges or is one of these addresses. */
export function rangesOf(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", length] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (length === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(length), family);
  }
  return (address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** The country of an address by a table of ranges, the first that fits; `XX` for none, as Cloudflare says it. */
export function countryBy(table: Readonly<Record<string, string>>): (address: string) => string {
  const rows = Object.entries(table).map(([range, country]) => ({ holds: rangesOf([range]), country }));
  return (address) => rows.find((row) => row.holds(address))?.country ?? "XX";
}

/** An IPv4 address that came in by an IPv6 socket, as IPv4. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
