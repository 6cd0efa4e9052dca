import type { Forward, Pinhole, RouterState } from "./state.ts";

/** The table of ours, and the file that it is loaded from at boot. */
export const nftTable = "rempart_router";
export const nftFile = "/etc/rempart-router.nft";
/** A file for each reservation; dnsmasq reads them when its `dhcp-hostsdir` names this folder. */
export const hostsFolder = "/etc/rempart-router.hosts";

const chains = {
  prerouting: "type nat hook prerouting priority -100; policy accept;",
  postrouting: "type nat hook postrouting priority 100; policy accept;",
  forward: "type filter hook forward priority 0; policy accept;",
} as const;

/** A rule as a line of nft(8), and its comment. */
export interface NftRule {
  readonly chain: string;
  readonly words: string;
  readonly comment: string;
}

/** The rules of our table for this state, in their order: what comes in from outside and was not asked for is dropped. */
export function nftRules(state: Pick<RouterState, "forwards" | "pinholes">, wan: string): NftRule[] {
  const rule = (chain: keyof typeof chains, words: string, comment = ""): NftRule => ({ chain, words, comment });
  const outside = `iifname ${wan}`;
  return [
    ...state.forwards.filter((f) => f.name !== null && f.enabled).map((f) => rule("prerouting", forwardWords(f, wan), f.label)),
    rule("postrouting", `oifname ${wan} masquerade`),
    rule("forward", "ct state established,related accept"),
    rule("forward", "ct status dnat accept"),
    rule("forward", `${outside} icmpv6 type destination-unreachable,packet-too-big,parameter-problem,time-exceeded accept`),
    ...(state.pinholes ?? []).filter((p) => p.name !== null && p.enabled).map((p) => rule("forward", pinholeWords(p, wan), p.label)),
    rule("forward", `${outside} drop`),
  ];
}

function forwardWords(f: Forward, wan: string): string {
  const source = f.source === null ? "" : ` ip saddr ${f.source}`;
  const target = f.wan[0] === f.wan[1] ? `${f.to}:${f.port}` : f.to;
  return `iifname ${wan}${source} ${f.protocol} dport ${portWords(f.wan)} dnat ip to ${target}`;
}

function pinholeWords(p: Pinhole, wan: string): string {
  return `iifname ${wan} ip6 daddr ${p.to} ${p.protocol} dport ${portWords(p.ports)} accept`;
}

function portWords([first, last]: readonly [number, number]): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/** The file: it replaces our table as a whole and touches nothing else. */
export function nftText(rules: readonly NftRule[]): string {
  const table = `table inet ${nftTable}`;
  const body = Object.entries(chains).flatMap(([chain, hook]) => [
    `\tchain ${chain} {`,
    `\t\t${hook}`,
    ...rules.filter((r) => r.chain === chain).map((r) => `\t\t${syntax(r.words)}${r.comment === "" ? "" : ` comment "${r.comment}"`}`),
    "\t}",
  ]);
  return [
    "#!/usr/sbin/nft -f",
    "# Written by Rempart. Changes here are lost.",
    table,
    `delete ${table}`,
    `${table} {`,
    ...body,
    "}",
    "",
  ].join("\n");
}

/** The words with the braces and quotes that nft wants. */
function syntax(words: string): string {
  return words.replace(/(iifname|oifname) (\S+)/, '$1 "$2"').replace(/icmpv6 type (\S+)/, "icmpv6 type { $1 }");
}
