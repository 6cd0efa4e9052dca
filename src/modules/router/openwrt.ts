import { openwrtRouter, untold } from "../../facts/router/openwrt.ts";
import type { Forward, Pinhole, Reservation } from "../../facts/router/state.ts";
import type { ExecStep } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit, RouterPlace } from "./driver.ts";
import { portText, targetPorts } from "./ports.ts";

/** OpenWrt, by uci: sections with names of ours, so that they stay what they are when others come and go. */
export const openwrt: RouterDriver = {
  name: "openwrt",
  title: "OpenWrt",
  place: { wan: "wan", lan: "lan", igd: "" },
  lacks: {},
  longestLabel: 100,
  state: ({ wan, lan }) => openwrtRouter({ wan, lan }),
  blocked: ({ handles }) =>
    handles?.staged === undefined
      ? undefined
      : `somebody has changes in uci that are not committed (${handles.staged}): commit or revert them first`,
  steps(edits, now, _next, place) {
    const leases = edits.filter((e) => e.thing === "reservation");
    const rules = edits.filter((e) => e.thing !== "reservation");
    const left = (now.handles?.untold ?? "").split(" ");
    return [
      ...(rules.length > 0 || left.includes("firewall") ? [step("firewall", "firewall", rules, place)] : []),
      ...(leases.length > 0 || left.includes("dnsmasq") ? [step("dhcp", "dnsmasq", leases, place)] : []),
    ];
  },
};

/**
 * One program writes and commits. The mark in memory stands from before the commit until the service was told; after a power cut the
 * service starts with what was committed, and the mark is gone too.
 */
function step(config: string, service: string, edits: readonly RouterEdit[], place: RouterPlace): ExecStep {
  const batch = [...edits.flatMap((edit) => commands(config, edit, place)), `commit ${config}`].map((line) => `${line}\n`);
  const text = `: > ${untold}-${service} || exit
uci batch >/dev/null
if [ -n "$(uci -q changes ${config})" ]; then uci revert ${config}; rm ${untold}-${service}; echo 'uci did not take the change' >&2; exit 1; fi
/etc/init.d/${service} reload && rm ${untold}-${service}`;
  return { do: "exec", argv: ["sh", "-c", text], stdin: batch.join("") };
}

function commands(config: string, edit: RouterEdit, place: RouterPlace): string[] {
  const { before, after } = edit;
  const section = before?.id ?? `rempart_${edit.thing === "pinhole" ? "pinhole_" : ""}${after?.name?.replaceAll("-", "_")}`;
  const at = `${config}.${section}`;
  if (!after) return [`delete ${at}`];
  const [kind, options] = optionsOf(edit, place);
  const gone = before ? [`delete ${at}`] : [];
  return [
    ...gone,
    `set ${at}=${kind}`,
    ...Object.entries(options).map(([name, value]) => `set ${at}.${name}='${value.replaceAll("'", "'\\''")}'`),
  ];
}

function optionsOf({ thing, after }: RouterEdit, { wan, lan }: RouterPlace): [string, Readonly<Record<string, string>>] {
  if (thing === "reservation") {
    const r = after as Reservation;
    return ["host", { name: r.name ?? "", mac: r.mac, ip: r.ip, leasetime: "infinite", dns: "1" }];
  }
  if (thing === "pinhole") {
    const p = after as Pinhole;
    const rule = { name: p.label, src: wan, dest: lan, family: "ipv6", proto: p.protocol, dest_ip: p.to, dest_port: portText(p.ports) };
    return ["rule", { ...rule, target: "ACCEPT", enabled: "1" }];
  }
  const f = after as Forward;
  const from = f.source === null ? {} : { src_ip: f.source };
  const redirect = { name: f.label, src: wan, ...from, proto: f.protocol, src_dport: portText(f.wan), dest: lan, dest_ip: f.to };
  return ["redirect", { ...redirect, dest_port: portText(targetPorts(f)), target: "DNAT", family: "ipv4", enabled: "1" }];
}
