import { z } from "zod";
import { cloudflareIdentity } from "../../facts/cloudflare/identity.ts";
import { accountPath } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

/** How people prove who they are to Access. */
export const cloudflareAccessProvider = defineModule({
  name: "cloudflare_access_provider",
  kind: "state",
  summary: "Let people log in with a code that is sent to their e-mail address.",
  notes: [
    "Zero Trust must have been set up once in the dashboard (a team name and the plan are chosen there); the task says so when it was not.",
    "Providers that are there already stay as they are.",
  ],
  args: z.strictObject({
    zone: zoneField,
    type: z.literal("onetimepin").default("onetimepin").describe("Kind of provider; more than codes by e-mail is set up in the dashboard."),
    name: z.string().min(1).default("Code by e-mail").describe("What people see when the provider is made."),
  }),
  result: z.object({
    team_domain: z.string().nullable().describe("Where people log in: `team.cloudflareaccess.com`."),
    providers: z.array(z.string()).describe("Types of all identity providers."),
  }),
  examples: [{ title: "Codes by e-mail", yaml: "cloudflare_access_provider: { zone: example.org }" }],
  facts: (a) => ({ identity: cloudflareIdentity({ zone: a.zone }) }),
  plan(a, facts) {
    const now = facts.identity.value;
    if (!now.set_up)
      return refusal(
        "Zero Trust is not set up in this account: open Zero Trust in Cloudflare's dashboard once, choose a team name and the free plan, and run again",
      );
    if (now.providers.includes(a.type)) return [];
    const body = { name: a.name, type: a.type, config: {} };
    const step = { do: "call", method: "POST", path: `${accountPath(a.zone)}/access/identity_providers`, body } as const;
    return [change(facts.identity, { providers: [...now.providers, a.type].sort() }, { do: [step], subject: "identity providers" })];
  },
  resultOf: (_a, { after }) => {
    const identity = after.identity.missing ? undefined : after.identity.value;
    return { team_domain: identity?.domain ?? null, providers: [...(identity?.providers ?? [])] };
  },
});
