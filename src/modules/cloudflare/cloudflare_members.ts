import { z } from "zod";
import { cloudflareMembers as membersFact } from "../../facts/cloudflare/members.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

/** Who may change the account, and how well their login is guarded. */
export const cloudflareMembers = defineModule({
  name: "cloudflare_members",
  kind: "question",
  summary: "Tell which members of the account have a second factor.",
  notes: ["Nothing is enforced: that would lock out whoever has none. Each member turns it on in the own profile."],
  args: z.strictObject({
    zone: zoneField,
    second_factor: z.boolean().default(false).describe("Fail when a member has no second factor."),
  }),
  result: z.object({
    members: z.array(z.string()).describe("E-mail addresses of all members."),
    without_second_factor: z.array(z.string()).describe("Those that have none."),
    enforced: z.boolean().nullable().describe("Whether the account lets nobody in without one."),
  }),
  examples: [{ title: "Everybody has one", yaml: "cloudflare_members: { zone: example.org, second_factor: true }" }],
  facts: (a) => ({ members: membersFact({ zone: a.zone }) }),
  plan(a, facts) {
    const without = facts.members.value.members.filter((m) => !m.secondFactor).map((m) => m.email);
    if (!a.second_factor || without.length === 0) return [];
    return refusal(
      `${without.join(" and ")} may change this account with a password alone: turn on two-factor authentication in the profile`,
    );
  },
  resultOf: (_a, { after }) => {
    const now = after.members.missing ? undefined : after.members.value;
    const members = now?.members ?? [];
    return {
      members: members.map((m) => m.email),
      without_second_factor: members.filter((m) => !m.secondFactor).map((m) => m.email),
      enforced: now?.enforced ?? null,
    };
  },
});
