import { z } from "zod";
import { type Forward, labelOf, type RouterState } from "../../facts/router/state.ts";
import { defineModule, type Refusal } from "../../kernel/module.ts";
import { driverOf, entryName, forbidden, forwardFields, missingPlace, placeFields, placeOf } from "./arguments.ts";
import { routerChange } from "./change.ts";
import type { RouterEdit } from "./driver.ts";
import { forwardEdits, removeForeign, removeForwards, type WantedForward } from "./forwardEdits.ts";
import { forwardText } from "./ports.ts";

const fields = z.strictObject({ name: entryName, ...forwardFields });
const one = fields.refine((f) => f.to_port === undefined || f.wan_port[0] === f.wan_port[1] || f.to_port === f.wan_port[0], {
  error: "a range keeps its numbers: leave to_port out",
  path: ["to_port"],
});

const args = z
  .strictObject({
    ...placeFields,
    name: entryName.optional(),
    ...fields.partial().omit({ name: true }).shape,
    forwards: z.array(one).optional().describe("These forwards and no others of ours; each has the fields that one forward has."),
    foreign: z
      .string()
      .min(1)
      .optional()
      .describe("With `state: absent`: a forward that is not ours, by the description that the router shows."),
    forbidden,
    state: z.enum(["present", "absent"]).default("present").describe("Whether the forward shall be there."),
  })
  .refine((a) => [a.name, a.forwards, a.foreign].filter((given) => given !== undefined).length === 1, {
    error: "write one of name, forwards and foreign",
    path: ["name"],
  })
  .refine((a) => a.name === undefined || a.state === "absent" || (a.wan_port !== undefined && a.to !== undefined), {
    error: "a forward needs wan_port and to",
    path: ["wan_port"],
  })
  .refine((a) => a.to_port === undefined || a.wan_port === undefined || a.wan_port[0] === a.wan_port[1] || a.to_port === a.wan_port[0], {
    error: "a range keeps its numbers: leave to_port out",
    path: ["to_port"],
  })
  .refine((a) => a.foreign === undefined || a.state === "absent", { error: "foreign is for state: absent", path: ["foreign"] })
  .refine((a) => a.forwards === undefined || a.state === "present", { error: "for no forward of ours write forwards: []", path: ["state"] })
  .refine((a) => missingPlace(a) === undefined, {
    error: "this kind of router must be told which side is the provider's (wan), or its address (igd)",
    path: ["wan"],
  });

type Args = z.output<typeof args>;
type One = z.output<typeof one>;

/** Forwards of a router to machines in the LAN. */
export const routerForward = defineModule({
  name: "router_forward",
  kind: "state",
  summary: "Declare which ports of the public address a router forwards, and to whom.",
  notes: [
    "Only entries that carry our mark (`rempart: NAME` in the description) are changed or removed. Others are told in the result; one on the same port is an error.",
    "Refused are ports of `forbidden`, ports that the provider does not give to this line, and targets whose address is not reserved.",
    "With the driver nftables our table is replaced as a whole. It drops what comes in from outside unasked, IPv6 too, and translates the addresses of the LAN.",
  ],
  args,
  result: z.object({
    forwards: z.array(z.string()).describe("Ours: `https: tcp 443 to 192.168.1.10:443`."),
    foreign: z.array(z.string()).describe("Those that are not ours."),
  }),
  examples: [
    {
      title: "The proxy",
      yaml: "router_forward: { driver: nftables, wan: eth0, name: https, wan_port: 443, to: 192.168.1.10, static: true }",
    },
    { title: "None of ours", yaml: "router_forward: { driver: nftables, wan: eth0, forwards: [] }" },
    {
      title: "Away with one that somebody else made",
      yaml: 'router_forward: { driver: nftables, wan: eth0, foreign: "jellyfin direct", state: absent }',
    },
  ],
  facts: (a) => ({ router: driverOf(a).state(placeOf(a)) }),
  plan(a, facts) {
    const edits = editsOf(a, facts.router.value);
    return "refused" in edits ? edits : routerChange(facts.router, edits, driverOf(a), placeOf(a));
  },
  resultOf(_a, { after }) {
    const list = after.router.missing ? [] : after.router.value.forwards;
    return {
      forwards: list.filter((f) => f.name !== null).map((f) => `${f.name}: ${forwardText(f)}`),
      foreign: list.filter((f) => f.name === null).map((f) => `${f.label}: ${forwardText(f)}`),
    };
  },
});

function editsOf(a: Args, now: RouterState): readonly RouterEdit[] | Refusal {
  if (a.foreign !== undefined) return removeForeign(a.foreign, now);
  if (a.name !== undefined && a.state === "absent") return removeForwards(a.name, now);
  const rules = { driver: driverOf(a), forbidden: a.forbidden, only: a.forwards !== undefined };
  return forwardEdits((a.forwards ?? [fields.parse(only(a))]).map(wanted), now, rules);
}

/** The fields of the one forward, without what says where. */
function only(a: Args): Readonly<Record<string, unknown>> {
  const { name, protocol, wan_port, to, to_port, source, comment, static: fixed } = a;
  const given = { name, protocol, wan_port: wan_port?.join("-"), to, to_port, source, comment, static: fixed };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function wanted(one: One): WantedForward {
  const forward: Forward = {
    id: null,
    name: one.name,
    label: labelOf(one.name, one.comment),
    protocol: one.protocol,
    wan: one.wan_port,
    to: one.to,
    port: one.wan_port[0] === one.wan_port[1] ? (one.to_port ?? one.wan_port[0]) : one.wan_port[0],
    source: one.source?.replace(/\/32$/, "") ?? null,
    enabled: true,
  };
  return { ...forward, name: one.name, static: one.static };
}
