import { z } from "zod";
import { addressIn } from "../../facts/router/prefix.ts";
import type { Line, RouterState } from "../../facts/router/state.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { driverOf, forbidden, missingPlace, placeFields, placeOf } from "./arguments.ts";
import { pinholeText, reservationText } from "./change.ts";
import { forwardText, overlap, portText, targetPorts } from "./ports.ts";
import { settingsText } from "./settingsText.ts";

const args = z
  .strictObject({
    ...placeFields,
    forbidden,
    suffix: z
      .string()
      .regex(/^(::[0-9A-Fa-f:]+)?$/, "the end of an address is written ::10")
      .default("")
      .describe("End of the IPv6 address of a machine, `::10`: with the prefix it is told as `ipv6`."),
  })
  .refine((a) => missingPlace(a) === undefined, {
    error: "this kind of router must be told which side is the provider's (wan), or its address (igd)",
    path: ["wan"],
  });

const texts = z.array(z.string());

/** What a router is and lets in. */
export const routerFacts = defineModule({
  name: "router_facts",
  kind: "question",
  summary: "Tell what a router forwards, reserves and opens, and what its line is like.",
  args,
  result: z.object({
    forwards: texts.describe("Ours: `https: tcp 443 to 192.168.1.10:443`."),
    foreign: texts.describe("Forwards that are not ours, and openings of the IPv6 firewall."),
    exposed: texts.describe("Forwards and openings of whoever to a port of `forbidden`."),
    reservations: texts.describe("`192.168.1.10 for 02:42:ac:11:00:02`."),
    pinholes: texts.describe("Our openings of the IPv6 firewall."),
    ipv4: z.string().describe("Address on the side of the provider, empty when the router does not tell."),
    ipv4_kind: z
      .enum(["public", "private", "shared", "unknown"])
      .describe("shared: of the provider's own translation (100.64.0.0/10), or one with a range of ports."),
    ports: z.string().describe("The ports that reach this line, `1-65535` for all."),
    ipv6_prefix: z.string().describe("Empty when there is none."),
    ipv6: z.string().describe("The address in the prefix that ends in `suffix`, empty without one of them."),
    ipv6_firewall: z.enum(["on", "off", "unknown"]).describe("Whether unasked packets from outside are dropped."),
    upnp: z.enum(["on", "off", "unknown"]).describe("Whether machines in the LAN open ports by themselves."),
    firmware: z.string().describe("Version, empty when the router does not tell."),
    json: z.string().describe("What is set up, as JSON over several lines for a backup: it differs only where somebody changed something."),
  }),
  examples: [{ title: "What is open", yaml: "router_facts: { driver: nftables, wan: eth0 }" }],
  facts: (a) => ({ router: driverOf(a).state(placeOf(a)) }),
  // Looked at, so that a router which cannot tell fails the task.
  plan(a, facts) {
    const { prefix } = facts.router.value.line;
    if (a.suffix === "" || prefix === null || addressIn(prefix, a.suffix) !== undefined) return [];
    return refusal(`${a.suffix} does not fit behind the prefix ${prefix}: give the end of the address alone, such as ::10`);
  },
  resultOf: (a, { after }) => told(after.router.value, a),
});

function told(s: RouterState, { forbidden: never, suffix, driver }: z.output<typeof args>) {
  const { line } = s;
  const pinholes = s.pinholes ?? [];
  const pinhole = (p: (typeof pinholes)[number]): string => `${p.name ?? p.label}: ${pinholeText(p)}`;
  const forward = (f: (typeof s.forwards)[number]): string => `${f.name ?? f.label}: ${forwardText(f)}`;
  const meets = (...ranges: (readonly [number, number])[]): boolean => never.some((p) => ranges.some((r) => overlap([p, p], r)));
  return {
    forwards: s.forwards.filter((f) => f.name !== null).map(forward),
    foreign: [...s.forwards.filter((f) => f.name === null).map(forward), ...pinholes.filter((p) => p.name === null).map(pinhole)],
    exposed: [
      ...s.forwards.filter((f) => f.enabled && meets(f.wan, targetPorts(f))).map(forward),
      ...pinholes.filter((p) => p.enabled && meets(p.ports)).map(pinhole),
    ],
    reservations: (s.reservations ?? []).map(reservationText),
    pinholes: pinholes.filter((p) => p.name !== null).map(pinhole),
    ipv4: line.ipv4 ?? "",
    ipv4_kind: kindOf(line),
    ports: portText(line.ports ?? [1, 65535]),
    ipv6_prefix: line.prefix ?? "",
    ipv6: (suffix !== "" && line.prefix !== null && addressIn(line.prefix, suffix)) || "",
    ipv6_firewall: onOff(line.firewall6),
    upnp: onOff(line.upnp),
    firmware: line.firmware ?? "",
    json: settingsText(driver, s),
  };
}

function onOff(value: boolean | null): "on" | "off" | "unknown" {
  return value === null ? "unknown" : value ? "on" : "off";
}

function kindOf({ ipv4, ports }: Line): "public" | "private" | "shared" | "unknown" {
  if (ipv4 === null) return "unknown";
  const [a = 0, b = 0] = ipv4.split(".").map(Number);
  if (ports !== null || (a === 100 && b >= 64 && b < 128)) return "shared";
  const own = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || a === 127 || a === 0;
  return own ? "private" : "public";
}
