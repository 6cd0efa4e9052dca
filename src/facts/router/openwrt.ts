import { defineFact } from "../../kernel/fact.ts";
import { joinShell, type Shell, sh } from "../../kernel/sh.ts";
import { readOpenwrt } from "./openwrt-read.ts";
import type { RouterState } from "./state.ts";
import { readTexts, textRecord } from "./text-records.ts";

export interface OpenwrtKey {
  /** The zone of the firewall towards the provider. */
  readonly wan: string;
  readonly lan: string;
}

/** A file in memory for each service whose configuration was committed and that was not told yet. */
export const untold = "/tmp/rempart-untold";

/** `openwrtRouter({ wan: "wan", lan: "lan" })`: the sections of uci, and the addresses that the system tells. */
export const openwrtRouter = defineFact<OpenwrtKey, RouterState>({
  kind: "router_openwrt",
  summary: "A router with OpenWrt: its redirects, static hosts, rules for IPv6, and what the line is like.",
  object: ({ wan }) => `behind ${wan}`,
  script: (keys) => joinShell(keys.map(one)),
  read: (stdout, keys) => readTexts("router_openwrt", stdout, keys, (text, key) => readOpenwrt(text, key)),
  write: (_key, state) => textRecord(state.record),
  enough: () => true,
});

function one({ wan, lan }: OpenwrtKey): Shell {
  return sh`if ! command -v uci >/dev/null 2>&1; then echo '!not on this host: no uci, so this is no OpenWrt'
else
_n="$(uci -q show firewall | sed 's/^/f /')
$(uci -q show dhcp | sed -n 's/^\(dhcp\.[^.=]*\)\(=host\|\.\(name\|mac\|ip\)=\)/h \1\2/p')
$(uci -q changes firewall | sed 's/^/c /')
$(uci -q changes dhcp | sed 's/^/c /')
$(for _f in firewall dnsmasq; do if [ -e ${untold}-$_f ]; then echo "t $_f"; fi; done)
a $(ubus call network.interface.${wan} status 2>/dev/null | jsonfilter -q -e '@["ipv4-address"][0].address')
p $(ubus call network.interface.${lan} status 2>/dev/null | jsonfilter -q -e '@["ipv6-prefix-assignment"][0]["local-address"].address' -e '@["ipv6-prefix-assignment"][0].mask' | tr '\n' '/')
u $(uci -q get upnpd.config.enabled)
$(sed -n "s/^DISTRIB_DESCRIPTION=['\"]\(.*\)['\"]$/v \1/p" /etc/openwrt_release 2>/dev/null)"
echo $(printf %s "$_n" | wc -c); printf '%s\n' "$_n"
fi`;
}
