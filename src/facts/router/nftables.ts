import { defineFact } from "../../kernel/fact.ts";
import { joinShell, type Shell, sh } from "../../kernel/sh.ts";
import { readNftables } from "./nftables-read.ts";
import { hostsFolder, nftFile, nftTable } from "./nftables-table.ts";
import { noLine, type RouterState } from "./state.ts";
import { readTexts, textRecord } from "./text-records.ts";

export interface NftablesKey {
  /** The interface to the provider. */
  readonly wan: string;
}

/** As a package of nftables leaves a host. */
const bare: RouterState = { forwards: [], reservations: null, pinholes: [], line: noLine, unsettled: false };

/** `nftablesRouter({ wan: "eth0" })`: the rules that forward, our table, its file, the reservations of dnsmasq, the addresses of the line. */
export const nftablesRouter = defineFact<NftablesKey, RouterState>({
  kind: "router_nftables",
  summary: "A Linux router: its forwards, the reservations of dnsmasq, the addresses of the line.",
  object: ({ wan }) => `behind ${wan}`,
  script: (keys) => joinShell(keys.map(one)),
  read: (stdout, keys) => readTexts("router_nftables", stdout, keys, (text, { wan }) => readNftables(text, wan)),
  write: (_key, state) => textRecord(state.record),
  enough: () => true,
  brought: () => bare,
});

/** Each line begins with the letter of what it tells. Only what concerns forwarding is printed, so that bans and counters do not count as a change. */
function one({ wan }: NftablesKey): Shell {
  return sh`if ! command -v nft >/dev/null 2>&1; then echo '!nft is not on this host: install nftables'
elif ! _n=$(nft -s -j list ruleset 2>/dev/null); then echo '!the rules cannot be read: the task needs become: true'
elif ! ip link show dev ${wan} >/dev/null 2>&1; then echo ${`!there is no interface ${wan} on this host`}
else
_n=$(printf '%s\n' "$_n" | sed -E 's/\{"(table|chain|rule|set|map|element|flowtable|counter|quota|limit|secmark|synproxy|ct helper|ct timeout|ct expectation)": \{"(family|op)"/\
&/g' | grep -E ${`"dnat"|"table": "${nftTable}"|"hook": "forward"`} | sed 's/^/n /')
_n="$_n
$(ip -o -4 addr show dev ${wan} scope global 2>/dev/null | awk '{ print "a " $4 }')
$(ip -o -6 addr show scope global 2>/dev/null | awk -v wan=${wan} '$2 != wan && $4 !~ /^f[cd]/ && !/ temporary| deprecated/ { print "p " $4 }' | sort)
$(sed 's/^/f /' ${nftFile} 2>/dev/null)
$(sed -n 's/^dhcp-hostsdir=/h /p; s/^dhcp-host=/o /p' /etc/dnsmasq.conf /etc/dnsmasq.d/*.conf 2>/dev/null)
$(for _f in ${hostsFolder}/*; do if [ -f "$_f" ]; then sed "s|^|r $(basename "$_f") |" "$_f"; fi; done)
$(if cat /proc/[0-9]*/comm 2>/dev/null | grep -qx miniupnpd; then echo 'u on'; else echo 'u off'; fi)
$(sed -n 's/^PRETTY_NAME="\(.*\)"/v \1/p' /etc/os-release 2>/dev/null)"
echo $(printf %s "$_n" | wc -c); printf '%s\n' "$_n"
fi`;
}
