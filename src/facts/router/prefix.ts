/** The eight numbers of an IPv6 address; undefined when it is none. */
function groupsOf(address: string): number[] | undefined {
  const [head = "", tail, ...more] = address.split("::");
  if (more.length > 0) return undefined;
  const parts = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [before, after] = [parts(head), tail === undefined ? [] : parts(tail)];
  const gap = 8 - before.length - after.length;
  if (tail === undefined ? gap !== 0 : gap < 1) return undefined;
  const all = [...before, ...Array.from({ length: tail === undefined ? 0 : gap }, () => "0"), ...after];
  return all.every((g) => /^[0-9a-f]{1,4}$/i.test(g)) ? all.map((g) => Number.parseInt(g, 16)) : undefined;
}

function bitsOf(address: string): string | undefined {
  return groupsOf(address)
    ?.map((g) => g.toString(2).padStart(16, "0"))
    .join("");
}

/** The one way to write an address: lower case, the longest row of zeros left out. Other texts come back as they are. */
export function plainAddress(address: string): string {
  const groups = groupsOf(address);
  if (!groups) return address;
  return new URL(`http://[${groups.map((g) => g.toString(16)).join(":")}]`).hostname.slice(1, -1);
}

/** `2001:db8::5/64` to `2001:db8::/64`. */
export function prefixOf(range: string): string {
  const [address = "", length = "128"] = range.split("/");
  const groups = groupsOf(address);
  if (!groups) return range;
  const kept = groups.map((g, i) => {
    const bits = Math.min(16, Math.max(0, Number(length) - 16 * i));
    return (g & ((0xffff << (16 - bits)) & 0xffff)).toString(16);
  });
  return `${plainAddress(kept.join(":"))}/${length}`;
}

/** The address in a prefix that ends so: `2001:db8:1::/56` and `::10` give `2001:db8:1::10`. undefined when the end reaches into the prefix, or either is none. */
export function addressIn(prefix: string, end: string): string | undefined {
  const [start = "", length = "128"] = prefix.split("/");
  const [a, b, kept] = [groupsOf(start), groupsOf(end), Number(length)];
  if (!a || !b || bitsOf(end)?.slice(0, kept).includes("1")) return undefined;
  return plainAddress(a.map((group, i) => (group | (b[i] ?? 0)).toString(16)).join(":"));
}

/** Is the IPv6 address inside `2001:db8::/56`? */
export function isInside(address: string, prefix: string): boolean {
  const [start = "", length = "128"] = prefix.split("/");
  const [a, b] = [bitsOf(address), bitsOf(start)];
  return a !== undefined && b !== undefined && a.slice(0, Number(length)) === b.slice(0, Number(length));
}
