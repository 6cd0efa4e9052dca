import { z } from "zod";
import { isInside, plainAddress } from "../../facts/router/prefix.ts";
import { labelOf, type Pinhole, type RouterState } from "../../facts/router/state.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { comment, driverOf, entryName, forbidden, missingPlace, placeFields, placeOf, ports } from "./arguments.ts";
import { pinholeText, routerChange } from "./change.ts";
import type { RouterDriver, RouterEdit } from "./driver.ts";
import { overlap } from "./ports.ts";

const args = z
  .strictObject({
    ...placeFields,
    name: entryName,
    protocol: z.enum(["tcp", "udp"]).default("tcp").describe("Protocol."),
    port: ports.optional().describe("Port of the machine; default 443."),
    to: z
      .ipv6("an IPv6 address is written 2001:db8::10")
      .transform(plainAddress)
      .optional()
      .describe("Address of the machine: the proxy's, no other."),
    comment,
    forbidden,
    state: z.enum(["present", "absent"]).default("present").describe("Whether the opening shall be there."),
  })
  .refine((a) => a.state === "absent" || a.to !== undefined, { error: "a pinhole needs to", path: ["to"] })
  .refine((a) => missingPlace(a) === undefined, {
    error: "this kind of router must be told which side is the provider's (wan)",
    path: ["wan"],
  });

type Args = z.output<typeof args>;

/** The one opening of the IPv6 firewall. */
export const routerPinhole = defineModule({
  name: "router_pinhole",
  kind: "state",
  summary: "Open a router's IPv6 firewall towards one port of one machine.",
  notes: [
    "There is one opening of ours, to the proxy: a second name is refused. It is refused too while the router's IPv6 firewall is off, for then every machine in the LAN is open.",
  ],
  args,
  result: z.object({
    pinholes: z.array(z.string()).describe("Ours: `nginx: tcp 443 to 2001:db8::10`."),
    foreign: z.array(z.string()).describe("Those that are not ours."),
  }),
  examples: [
    { title: "The proxy, for its AAAA record", yaml: 'router_pinhole: { driver: nftables, wan: eth0, name: nginx, to: "2001:db8::10" }' },
    { title: "Shut again", yaml: "router_pinhole: { driver: nftables, wan: eth0, name: nginx, state: absent }" },
  ],
  facts: (a) => ({ router: driverOf(a).state(placeOf(a)) }),
  plan(a, facts) {
    const driver = driverOf(a);
    const edits = editsOf(a, facts.router.value, driver);
    return "refused" in edits ? edits : routerChange(facts.router, edits, driver, placeOf(a));
  },
  resultOf(_a, { after }) {
    const list = (after.router.missing ? null : after.router.value.pinholes) ?? [];
    return {
      pinholes: list.filter((p) => p.name !== null).map((p) => `${p.name}: ${pinholeText(p)}`),
      foreign: list.filter((p) => p.name === null).map((p) => `${p.label}: ${pinholeText(p)}`),
    };
  },
});

function editsOf(a: Args, now: RouterState, driver: RouterDriver): readonly RouterEdit[] | Refusal {
  const { pinholes, line } = now;
  const own = (pinholes ?? []).filter((p) => p.name === a.name);
  if (a.state === "absent") return own.map((before) => ({ thing: "pinhole", before }));
  if (driver.lacks.pinhole !== undefined || pinholes === null)
    return refusal(`this router ${driver.lacks.pinhole ?? "tells no openings of its IPv6 firewall"}`);
  const range = a.port ?? ([443, 443] as const);
  const port = a.forbidden.find((p) => overlap([p, p], range));
  if (port !== undefined)
    return refusal(`port ${port} is never opened: let the opening lead to the proxy, or take ${port} out of \`forbidden\``);
  const other = pinholes.find((p) => p.name !== null && p.name !== a.name);
  if (other)
    return refusal(
      `there is an opening of ours already, ${other.name} (${pinholeText(other)}): one is enough, to the proxy. Remove it first`,
    );
  if (line.firewall6 !== true && !driver.ownFirewall)
    return refusal(
      line.firewall6 === false
        ? "the router's IPv6 firewall is off, so every machine in the LAN is open to everybody: switch it on in the router first"
        : "the router does not tell whether its IPv6 firewall is on",
    );
  const to = a.to ?? "";
  if (line.prefix === null) return refusal("the line has no IPv6 prefix, so nobody reaches the machine by IPv6: leave the AAAA record out");
  if (!isInside(to, line.prefix))
    return refusal(`${to} is not in the prefix of this line, ${line.prefix}: name the machine's present address`);
  const label = labelOf(a.name, a.comment);
  const after: Pinhole = { id: own[0]?.id ?? null, name: a.name, label, protocol: a.protocol, to, ports: range, enabled: true };
  const [before, ...doubles] = own;
  const edits: RouterEdit[] = doubles.map((double) => ({ thing: "pinhole", before: double }));
  if (!before) return [{ thing: "pinhole", after }];
  return JSON.stringify(before) === JSON.stringify(after) ? edits : [...edits, { thing: "pinhole", before, after }];
}
