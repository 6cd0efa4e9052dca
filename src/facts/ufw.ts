import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import type { Records } from "./records.ts";

export type UfwPolicy = "allow" | "deny" | "reject";

/** The firewall as ufw has it written down, and whether it is in force. */
export interface Ufw {
  /** Starts at boot. */
  readonly enabled: boolean;
  /** Its chains are in the kernel. */
  readonly running: boolean;
  /** Rules without an address count for IPv6 too. */
  readonly ipv6: boolean;
  /** off, low, medium, high or full. */
  readonly logging: string;
  readonly incoming: UfwPolicy;
  readonly outgoing: UfwPolicy;
  readonly routed: UfwPolicy;
  /** Rules in ufw's own notation: `allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in`. */
  readonly rules4: readonly string[];
  readonly rules6: readonly string[];
}

/** As Debian's package leaves it. */
const fresh: Ufw = {
  enabled: false,
  running: false,
  ipv6: true,
  logging: "low",
  incoming: "deny",
  outgoing: "allow",
  routed: "deny",
  rules4: [],
  rules6: [],
};

/** `ufw({})`: read from ufw's files, so that rules are known while it is off too; no Python is started. */
export const ufw = defineFact<Record<never, never>, Ufw>({
  kind: "ufw",
  summary: "The firewall as ufw has it: on or off, policies, logging and rules.",
  object: () => "firewall",
  script: (keys) => sh`for _k in ${keys.map(() => "k")}; do
if ! command -v ufw >/dev/null 2>&1 || [ ! -d /etc/ufw ]; then echo '!ufw is not installed on this host'
elif [ ! -r /etc/ufw/user.rules ]; then echo '!the rules of ufw cannot be read: the task needs become: true'
else
  _r=no
  if iptables -n -L ufw-user-input >/dev/null 2>&1; then _r=yes; fi
  awk -v running="$_r" '
function word(text) { sub(/^[^=]*=/, "", text); gsub(/["\r ]/, "", text); return text }
function policy(text) { text = word(text); return text == "ACCEPT" ? "allow" : text == "REJECT" ? "reject" : "deny" }
BEGIN {
  on = "no"; level = "off"; six = "no"; input = output = forward = "deny"
  while ((getline line < "/etc/ufw/ufw.conf") > 0) { if (line ~ /^ENABLED=/) on = tolower(word(line)); if (line ~ /^LOGLEVEL=/) level = tolower(word(line)) }
  while ((getline line < "/etc/default/ufw") > 0) {
    if (line ~ /^IPV6=/) six = tolower(word(line))
    if (line ~ /^DEFAULT_INPUT_POLICY=/) input = policy(line)
    if (line ~ /^DEFAULT_OUTPUT_POLICY=/) output = policy(line)
    if (line ~ /^DEFAULT_FORWARD_POLICY=/) forward = policy(line)
  }
  while ((getline line < "/etc/ufw/user.rules") > 0) if (sub(/^### tuple ### /, "", line)) four[++m] = line
  while ((getline line < "/etc/ufw/user6.rules") > 0) if (sub(/^### tuple ### /, "", line)) other[++n] = line
  print on, running, six, level, input, output, forward, m + 0, n + 0
  for (i = 1; i <= m; i++) print four[i]
  for (i = 1; i <= n; i++) print other[i]
}'
fi; done`,
  read: (stdout, keys) => readRecords("ufw", stdout, keys, readUfw),
  brought: () => fresh,
  ifChanged: (_key, _value, object) =>
    /^path \/etc\/(ufw\/|default\/ufw$)/.test(object) ? new NoAnswer("not known before earlier tasks have run") : undefined,
  write: (_key, u) => {
    const yes = (b: boolean): string => (b ? "yes" : "no");
    const first = [
      yes(u.enabled),
      yes(u.running),
      yes(u.ipv6),
      u.logging,
      u.incoming,
      u.outgoing,
      u.routed,
      u.rules4.length,
      u.rules6.length,
    ].join(" ");
    return [first, ...u.rules4, ...u.rules6, ""].join("\n");
  },
});

function readUfw(first: string, records: Records): Ufw {
  const [enabled, running, ipv6, logging = "", incoming, outgoing, routed, four = "", six = ""] = first.split(" ");
  const rules = (count: string): string[] => Array.from({ length: wholeNumber(count) }, () => records.line());
  const [rules4, rules6] = [rules(four), rules(six)];
  return {
    enabled: enabled === "yes",
    running: running === "yes",
    ipv6: ipv6 === "yes",
    logging,
    incoming: incoming as UfwPolicy,
    outgoing: outgoing as UfwPolicy,
    routed: routed as UfwPolicy,
    rules4,
    rules6,
  };
}
