import { z } from "zod";
import { ownMark } from "../../facts/cloudflare/own.ts";
import { pathOf, zonePath } from "../../facts/cloudflare/place.ts";
import { canonicalRecord, type DnsName, type DnsRecord, cloudflareDns as dnsFact, inOrder } from "../../facts/cloudflare/record.ts";
import { type Change, change } from "../../kernel/change.ts";
import { differences } from "../../kernel/difference.ts";
import type { Answer } from "../../kernel/fact.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import type { CallStep } from "../../kernel/step.ts";
import { hostField, isIn, zoneField } from "./zoneField.ts";

const hosts = ["A", "AAAA", "CNAME"];

const args = z
  .strictObject({
    zone: zoneField,
    name: hostField.describe("Whole name of the record."),
    type: z.enum(["A", "AAAA", "CNAME"]).describe("Type of the record."),
    content: z.string().min(1).optional().describe("Address or name. Not needed for `state: absent`."),
    proxied: z.boolean().default(false).describe("Visitors reach Cloudflare, and the address stays hidden."),
    ttl: z
      .union([z.literal(1), z.int().min(60).max(86400)])
      .default(1)
      .describe("Seconds that others may keep it; 1 lets Cloudflare choose. Proxied records have 1."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the record shall exist."),
  })
  .refine((a) => isIn(a.zone, a.name), { error: "the name is not in the zone", path: ["name"] })
  .refine((a) => a.state === "absent" || a.content !== undefined, { error: "a record needs `content`", path: ["content"] })
  .refine((a) => a.type !== "A" || a.content === undefined || z.ipv4().safeParse(a.content).success, {
    error: "an A record holds an IPv4 address",
    path: ["content"],
  })
  .refine((a) => a.type !== "AAAA" || a.content === undefined || z.ipv6().safeParse(a.content).success, {
    error: "an AAAA record holds an IPv6 address",
    path: ["content"],
  });

type Args = z.output<typeof args>;

/** One DNS record. */
export const cloudflareDns = defineModule({
  name: "cloudflare_dns",
  kind: "state",
  summary: "Have a DNS record in a zone, or have it not.",
  notes: [
    "A record of the same name and type is taken over; where there are several, the task is refused.",
    "Records of ours carry the comment `rempart`. Only such are removed or replaced by another type.",
  ],
  args,
  result: z.object({
    records: z.array(z.object({ type: z.string(), content: z.string(), proxied: z.boolean() })).describe("All records of the name."),
  }),
  examples: [
    {
      title: "The address of the server, hidden",
      yaml: "cloudflare_dns: { zone: example.org, name: www.example.org, type: A, content: 192.0.2.10, proxied: true }",
    },
    {
      title: "A second name",
      yaml: "cloudflare_dns: { zone: example.org, name: git.example.org, type: CNAME, content: www.example.org, proxied: true }",
    },
    { title: "No such name any more", yaml: "cloudflare_dns: { zone: example.org, name: old.example.org, type: CNAME, state: absent }" },
  ],
  facts: (a) => ({ name: dnsFact({ zone: a.zone, name: a.name }) }),
  plan(a, facts) {
    const { records } = facts.name.value;
    const same = records.filter((r) => r.type === a.type);
    const foreign = same.filter((r) => r.comment !== ownMark);
    if (a.state === "absent") {
      if (foreign.length > 0) return refusal(`${a.type} ${a.name} is not ours (it has no comment "${ownMark}"): remove it by hand`);
      return same.length === 0
        ? []
        : [
            changed(
              a,
              facts.name,
              records.filter((r) => r.type !== a.type),
              same.map((r) => removal(a, r)),
            ),
          ];
    }
    const wanted = canonicalRecord({ ...a, content: a.content ?? "", comment: ownMark });
    const [old, second] = same;
    if (second)
      return refusal(
        `${a.name} has ${same.length} records of type ${a.type} (${same.map((r) => r.content).join(", ")}): remove all but one by hand`,
      );
    const clashing = records.filter((r) => hosts.includes(r.type) && r.type !== a.type && [r.type, a.type].includes("CNAME"));
    const inTheWay = clashing.find((r) => r.comment !== ownMark);
    if (inTheWay)
      return refusal(
        `${a.name} has a record ${inTheWay.type} ${inTheWay.content} that is not ours, and ${a.type} cannot stand beside it: remove it by hand`,
      );
    if (old && clashing.length === 0 && differences("", old, wanted).length === 0) return [];
    const body = {
      type: a.type,
      name: a.name,
      ttl: wanted.ttl,
      content: a.content,
      comment: ownMark,
      proxied: a.proxied,
    };
    const list = `${zonePath(a.zone)}/dns_records`;
    const step: CallStep = old
      ? {
          do: "call",
          method: "PATCH",
          path: pathOf(list, { name: a.name, type: a.type }),
          body,
        }
      : { do: "call", method: "POST", path: list, body };
    const rest = records.filter((r) => r !== old && !clashing.includes(r));
    return [changed(a, facts.name, [...rest, wanted], [...clashing.map((r) => removal(a, r)), step])];
  },
  resultOf: (_a, { after }) => ({
    records: (after.name.missing ? [] : after.name.value.records).map(({ type, content, proxied }) => ({ type, content, proxied })),
  }),
});

function removal(a: Args, record: DnsRecord): CallStep {
  const fields = { name: a.name, type: record.type, comment: ownMark };
  return { do: "call", method: "DELETE", path: pathOf(`${zonePath(a.zone)}/dns_records`, fields) };
}

function changed(a: Args, answer: Answer<DnsName>, records: readonly DnsRecord[], steps: readonly CallStep[]): Change {
  const before = answer.value.records;
  const word = ({ content, proxied, ttl }: DnsRecord): string => `${content}${proxied ? ", proxied" : ttl === 1 ? "" : `, ${ttl} s`}`;
  const types = [...new Set([...before, ...records].map((r) => r.type))];
  const fields = types.flatMap((type) => {
    const [was, is] = [before, records].map(
      (list) =>
        list
          .filter((r) => r.type === type)
          .map(word)
          .join("; ") || undefined,
    );
    return was === is ? [] : [{ name: type, before: was, after: is }];
  });
  const owned =
    fields.length > 0 ? [] : [{ name: "comment", before: before.find((r) => r.type === a.type)?.comment ?? undefined, after: ownMark }];
  return {
    ...change(answer, { records: inOrder(records) }, { do: steps, subject: `name ${a.name}` }),
    fields: [...fields, ...owned],
  };
}
