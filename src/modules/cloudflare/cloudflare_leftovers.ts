import { z } from "zod";
import { cloudflareOwn, type Own, ownMark } from "../../facts/cloudflare/own.ts";
import { accountPath, pathOf, zonePath } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import type { CallStep } from "../../kernel/step.ts";
import { hostField, zoneField } from "./zoneField.ts";

/** What was ours and is not wanted any more. */
export const cloudflareLeftovers = defineModule({
  name: "cloudflare_leftovers",
  kind: "state",
  summary: "Remove what is ours and not declared any more: names, logins, policies, groups.",
  notes: [
    "Ours are DNS records with the comment `rempart`, Access policies and groups whose name begins with `rempart `, and applications that only such policies let people into.",
    "Names go first, so that none is left without its login.",
  ],
  args: z.strictObject({
    zone: zoneField,
    hosts: z.array(hostField).describe("Names that stay, with their logins."),
    names: z.array(z.string()).default([]).describe("Policies and groups of Access that stay."),
    access: z.boolean().default(true).describe("Look at Access too, which the token then must reach."),
  }),
  result: z.object({ removed: z.array(z.string()).describe("What was removed.") }),
  examples: [
    {
      title: "Only this application",
      yaml: "cloudflare_leftovers: { zone: example.org, hosts: [media.example.org], names: [rempart media, rempart media people] }",
    },
    { title: "Nothing of ours", yaml: "cloudflare_leftovers: { zone: example.org, hosts: [] }" },
  ],
  facts: (a) => ({ own: cloudflareOwn({ zone: a.zone, access: a.access }) }),
  plan(a, facts) {
    const now = facts.own.value;
    const kept = keptOf(a, now);
    const access = `${accountPath(a.zone)}/access`;
    const remove = (list: string, fields: Readonly<Record<string, string>>): CallStep => ({
      do: "call",
      method: "DELETE",
      path: pathOf(list, fields),
    });
    const gone = <T>(all: readonly T[], stay: readonly T[]): T[] => all.filter((one) => !stay.includes(one));
    const steps = [
      ...gone(now.records, kept.records).map((r) =>
        remove(`${zonePath(a.zone)}/dns_records`, { name: r.name, type: r.type, comment: ownMark }),
      ),
      ...gone(now.apps, kept.apps).map((host) => remove(`${access}/apps`, { type: "self_hosted", domain: host })),
      ...gone(now.policies, kept.policies).map((name) => remove(`${access}/policies`, { name })),
      ...gone(now.groups, kept.groups).map((name) => remove(`${access}/groups`, { name })),
    ];
    if (steps.length === 0) return [];
    const fields = gone(inWords(now), inWords(kept)).map((name) => ({ name, before: "present", after: undefined }));
    return [{ ...change(facts.own, kept, { do: steps, opaque: true, subject: `what is ours in ${a.zone}` }), fields }];
  },
  resultOf: (_a, { before, after }) => {
    const [was, is] = [before, after].map(({ own }) => (own.missing ? [] : inWords(own.value)));
    return { removed: (was ?? []).filter((name) => !is?.includes(name)) };
  },
});

function keptOf({ hosts, names }: { readonly hosts: readonly string[]; readonly names: readonly string[] }, now: Own): Own {
  return {
    records: now.records.filter((r) => hosts.includes(r.name)),
    apps: now.apps.filter((host) => hosts.includes(host)),
    policies: now.policies.filter((name) => names.includes(name)),
    groups: now.groups.filter((name) => names.includes(name)),
  };
}

function inWords({ records, apps, policies, groups }: Own): string[] {
  return [
    ...records.map((r) => `name ${r.name} ${r.type}`),
    ...apps.map((host) => `login ${host}`),
    ...policies.map((name) => `policy ${name}`),
    ...groups.map((name) => `group ${name}`),
  ];
}
