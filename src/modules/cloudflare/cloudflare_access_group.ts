import { z } from "zod";
import { type AccessGroup, cloudflareGroup, noGroup } from "../../facts/cloudflare/access.ts";
import { accountPath, pathOf } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import { conditionFieldsOf, sameConditions, sentParts } from "./conditionChange.ts";
import { conditionFields, conditionsOf } from "./conditionFields.ts";
import { zoneField } from "./zoneField.ts";

/** A group of people, or of places that they come from. */
export const cloudflareAccessGroup = defineModule({
  name: "cloudflare_access_group",
  kind: "state",
  summary: "Keep a group of Cloudflare Access.",
  notes: [
    "Several countries are a group of their own, required by the policy: in a policy's `require` all conditions must hold, and nobody is in two countries.",
  ],
  args: z
    .strictObject({
      zone: zoneField,
      name: z.string().min(1).describe("Name of the group. It is looked for by that name."),
      include: conditionFields.optional().describe("Who belongs to it: one condition is enough."),
      require: conditionFields.optional().describe("What must hold as well."),
      exclude: conditionFields.optional().describe("Who does not belong to it."),
      state: z.enum(["present", "absent"]).default("present").describe("Whether the group shall exist."),
    })
    .refine((a) => a.state === "absent" || conditionsOf(a.include).length > 0, {
      error: "say who belongs to the group",
      path: ["include"],
    }),
  result: z.object({ present: z.boolean().describe("Whether the group exists.") }),
  examples: [
    { title: "The family", yaml: "cloudflare_access_group: { zone: example.org, name: family, include: { emails: [ada@example.org] } }" },
    { title: "Where they live", yaml: "cloudflare_access_group: { zone: example.org, name: countries, include: { countries: [FR, BE] } }" },
  ],
  facts: (a) => ({ group: cloudflareGroup({ zone: a.zone, name: a.name }) }),
  plan(a, facts) {
    const now = facts.group.value;
    const list = `${accountPath(a.zone)}/access/groups`;
    const one = pathOf(list, { name: a.name });
    const subject = `Access group ${a.name}`;
    if (a.state === "absent") {
      if (!now.present) return [];
      const step = { do: "call", method: "DELETE", path: one } as const;
      return [
        { ...change(facts.group, noGroup, { do: [step], subject }), fields: [{ name: "state", before: "present", after: undefined }] },
      ];
    }
    const wanted: AccessGroup = {
      present: true,
      include: conditionsOf(a.include),
      require: conditionsOf(a.require),
      exclude: conditionsOf(a.exclude),
    };
    if (now.present && sameConditions(now, wanted)) return [];
    const body = { name: a.name, ...sentParts(a.zone, wanted) };
    const step = now.present
      ? ({ do: "call", method: "PUT", path: one, body } as const)
      : ({ do: "call", method: "POST", path: list, body } as const);
    return [{ ...change(facts.group, wanted, { do: [step], subject }), fields: conditionFieldsOf(now, wanted) }];
  },
  resultOf: (_a, { after }) => ({ present: !after.group.missing && after.group.value.present }),
});
