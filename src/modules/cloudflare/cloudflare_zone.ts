import { z } from "zod";
import { cloudflareZone as zoneFact } from "../../facts/cloudflare/zone.ts";
import { change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

/** A zone, and whether it is delegated. */
export const cloudflareZone = defineModule({
  name: "cloudflare_zone",
  kind: "state",
  summary: "Have a zone at Cloudflare, and tell whether the world asks Cloudflare for it.",
  notes: [
    "A zone that is added is pending until its name servers stand at the registrar.",
    "A zone is never removed: that would take every record with it.",
  ],
  args: z.strictObject({
    name: zoneField,
    create: z.boolean().default(false).describe("Add the zone when the token sees none. Needs `account`."),
    account: z
      .string()
      .regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits are wanted")
      .optional()
      .describe("Identifier of the account that a new zone goes to."),
    active: z.boolean().default(false).describe("Refuse a zone whose name servers are not Cloudflare's yet."),
  }),
  result: z.object({
    id: z.string().nullable().describe("Cloudflare's identifier of the zone, for what asks the API by itself."),
    status: z.string().nullable().describe("`pending` until the registrar names Cloudflare's name servers, then `active`."),
    plan: z.string().nullable().describe("`free`, `pro`, `business` or `enterprise`."),
    name_servers: z.array(z.string()).describe("What has to stand at the registrar."),
  }),
  examples: [{ title: "It is there, and delegated", yaml: "cloudflare_zone: { name: example.org, active: true }" }],
  freeForm: "name",
  facts: (a) => ({ zone: zoneFact({ zone: a.name }) }),
  plan(a, facts) {
    const now = facts.zone.value;
    if (!now.present && !(a.create && a.account !== undefined))
      return refusal(
        `the token sees no zone ${a.name}: add it at Cloudflare (or set create and account), or give the token "Zone Read" for it`,
      );
    if (!now.present) {
      const body = { name: a.name, type: "full", account: { id: a.account } };
      const made = { present: true, status: "pending", plan: "free", nameServers: [] };
      return [
        {
          ...change(facts.zone, made, {
            do: [{ do: "call", method: "POST", path: "/zones", body }],
            opaque: true,
            subject: `zone ${a.name}`,
          }),
        },
      ];
    }
    if (a.active && now.status !== "active")
      return refusal(
        `${a.name} is ${now.status}: set its name servers at the registrar to ${now.nameServers.join(" and ")}, and run again some hours later`,
      );
    return [];
  },
  resultOf: (_a, { after }) => {
    const zone = after.zone.missing ? undefined : after.zone.value;
    return { id: zone?.id ?? null, status: zone?.status ?? null, plan: zone?.plan ?? null, name_servers: [...(zone?.nameServers ?? [])] };
  },
});
