import { z } from "zod";
import { labelOf, type Reservation } from "../../facts/router/state.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { comment, driverOf, entryName, missingPlace, placeFields, placeOf } from "./arguments.ts";
import { reservationText, routerChange } from "./change.ts";
import type { RouterEdit } from "./driver.ts";

const args = z
  .strictObject({
    ...placeFields,
    name: entryName,
    mac: z
      .string()
      .regex(/^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/, "a hardware address is written 02:42:ac:11:00:02")
      .transform((mac) => mac.toLowerCase().replaceAll("-", ":"))
      .optional()
      .describe("Hardware address of the machine."),
    ip: z.ipv4("an IPv4 address is written 192.168.1.10").optional().describe("The address that it always gets."),
    comment,
    state: z.enum(["present", "absent"]).default("present").describe("Whether the reservation shall be there."),
  })
  .refine((a) => a.state === "absent" || (a.mac !== undefined && a.ip !== undefined), {
    error: "a reservation needs mac and ip",
    path: ["mac"],
  })
  .refine((a) => missingPlace(a) === undefined, {
    error: "this kind of router must be told which side is the provider's (wan)",
    path: ["wan"],
  });

type Args = z.output<typeof args>;

/** An address that a machine in the LAN always gets. */
export const routerReservation = defineModule({
  name: "router_reservation",
  kind: "state",
  summary: "Reserve an address in the LAN for a machine.",
  notes: [
    "A reservation that somebody else made counts when it gives the machine this address. One that gives it another, or gives the address to another machine, is an error.",
  ],
  args,
  result: z.object({ reservations: z.array(z.string()).describe("All of the router: `192.168.1.10 for 02:42:ac:11:00:02`.") }),
  examples: [
    {
      title: "The server keeps its address",
      yaml: 'router_reservation: { driver: nftables, wan: eth0, name: proliant, mac: "02:42:ac:11:00:02", ip: 192.168.1.10 }',
    },
    { title: "Not any more", yaml: "router_reservation: { driver: nftables, wan: eth0, name: proliant, state: absent }" },
  ],
  facts: (a) => ({ router: driverOf(a).state(placeOf(a)) }),
  plan(a, facts) {
    const driver = driverOf(a);
    const { reservations } = facts.router.value;
    if (driver.lacks.reservation !== undefined) return refusal(`this router ${driver.lacks.reservation}`);
    if (reservations === null) return refusal(notKept);
    const edits = editsOf(a, reservations, driver.longestLabel);
    return "refused" in edits ? edits : routerChange(facts.router, edits, driver, placeOf(a));
  },
  resultOf: (_a, { after }) => ({ reservations: after.router.missing ? [] : (after.router.value.reservations ?? []).map(reservationText) }),
});

const notKept = "this router keeps no reservations: on a Linux router dnsmasq must have dhcp-hostsdir=/etc/rempart-router.hosts";

function editsOf(a: Args, there: readonly Reservation[], longest: number): readonly RouterEdit[] | Refusal {
  const own = there.filter((r) => r.name === a.name);
  if (a.state === "absent") return own.map((before) => ({ thing: "reservation", before }));
  const label = labelOf(a.name, a.comment);
  if (label.length > longest) return refusal(`"${label}" is too long for this router: at most ${longest} letters. Shorten name or comment`);
  const [mac = "", ip = ""] = [a.mac, a.ip];
  const others = there.filter((r) => r.name !== a.name);
  const same = others.find((r) => r.mac === mac && r.ip === ip);
  if (same && own.length === 0) return [];
  const other = others.find((r) => r.mac === mac || r.ip === ip);
  if (other) return refusal(`"${other.label}" reserves ${reservationText(other)}: remove it in the router, or name its address here`);
  const [before] = own;
  const after: Reservation = { id: before?.id ?? null, name: a.name, label, mac, ip };
  if (!before) return [{ thing: "reservation", after }];
  return before.mac === mac && before.ip === ip ? [] : [{ thing: "reservation", before, after }];
}
