import { z } from "zod";
import { type AccessPolicy, cloudflarePolicy, noPolicy } from "../../facts/cloudflare/access.ts";
import { minutesOf } from "../../facts/cloudflare/duration.ts";
import { accountPath, pathOf } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import { conditionFieldsOf, sameConditions, sentParts } from "./conditionChange.ts";
import { conditionFields, conditionsOf } from "./conditionFields.ts";
import { durationField, zoneField } from "./zoneField.ts";

/** Who is let in. */
export const cloudflareAccessPolicy = defineModule({
  name: "cloudflare_access_policy",
  kind: "state",
  summary: "Keep a policy of Cloudflare Access: who is let in.",
  notes: [
    "The policy is one that several applications may use. Without `session_duration` the application's or the organisation's counts, and that of the policy is left alone.",
  ],
  args: z
    .strictObject({
      zone: zoneField,
      name: z.string().min(1).describe("Name of the policy. It is looked for by that name."),
      decision: z.enum(["allow", "deny", "bypass", "non_identity"]).default("allow").describe("What happens to whom it fits."),
      include: conditionFields.optional().describe("Whom it is for: one condition is enough."),
      require: conditionFields.optional().describe("What must hold as well, all of it."),
      exclude: conditionFields.optional().describe("Whom it is not for."),
      session_duration: durationField.optional().describe("How long a login lasts: `24h`."),
      state: z.enum(["present", "absent"]).default("present").describe("Whether the policy shall exist."),
    })
    .refine((a) => a.state === "absent" || conditionsOf(a.include).length > 0, { error: "say whom the policy is for", path: ["include"] })
    .refine((a) => conditionsOf(a.require).filter((c) => c.geo).length < 2, {
      error: "nobody is in two countries at once: make an Access group of the countries and require that",
      path: ["require"],
    }),
  result: z.object({ present: z.boolean().describe("Whether the policy exists.") }),
  examples: [
    {
      title: "The family, from where it lives",
      yaml: "cloudflare_access_policy: { zone: example.org, name: family, include: { groups: [family] }, require: { groups: [countries] }, session_duration: 24h }",
    },
  ],
  facts: (a) => ({ policy: cloudflarePolicy({ zone: a.zone, name: a.name }) }),
  plan(a, facts) {
    const now = facts.policy.value;
    const list = `${accountPath(a.zone)}/access/policies`;
    const one = pathOf(list, { name: a.name });
    const subject = `Access policy ${a.name}`;
    if (a.state === "absent") {
      if (!now.present) return [];
      const step = { do: "call", method: "DELETE", path: one } as const;
      return [
        { ...change(facts.policy, noPolicy, { do: [step], subject }), fields: [{ name: "state", before: "present", after: undefined }] },
      ];
    }
    const minutes = a.session_duration === undefined ? now.session : minutesOf(a.session_duration);
    const wanted: AccessPolicy = {
      present: true,
      decision: a.decision,
      session: minutes,
      include: conditionsOf(a.include),
      require: conditionsOf(a.require),
      exclude: conditionsOf(a.exclude),
    };
    const fields = [
      ...(now.decision === a.decision ? [] : [{ name: "decision", before: now.decision ?? undefined, after: a.decision }]),
      ...conditionFieldsOf(now, wanted),
      ...(now.session === minutes ? [] : [{ name: "session, minutes", before: now.session ?? undefined, after: minutes }]),
    ];
    if (fields.length === 0 && sameConditions(now, wanted)) return [];
    const body = {
      name: a.name,
      decision: a.decision,
      ...sentParts(a.zone, wanted),
      ...(minutes !== null && { session_duration: `${minutes}m` }),
    };
    const step = now.present
      ? ({ do: "call", method: "PUT", path: one, body } as const)
      : ({ do: "call", method: "POST", path: list, body } as const);
    return [{ ...change(facts.policy, wanted, { do: [step], subject }), fields }];
  },
  resultOf: (_a, { after }) => ({ present: !after.policy.missing && after.policy.value.present }),
});
