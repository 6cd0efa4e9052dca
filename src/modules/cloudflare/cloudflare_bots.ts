import { z } from "zod";
import { type Bots, botFields, cloudflareBots as botsFact } from "../../facts/cloudflare/bots.ts";
import { zonePath } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

const verdict = z.enum(["allow", "block", "managed_challenge"]).optional();
const onOff = z.boolean().optional();

/** What a zone does about bots. */
export const cloudflareBots = defineModule({
  name: "cloudflare_bots",
  kind: "state",
  summary: "Say how a zone treats bots.",
  notes: [
    "Only what is given is compared; the rest is sent back as it was, because the API would reset it.",
    "`fight_mode` (Free) covers the whole zone, no rule can exempt a path from it, and it challenges the apps of televisions and telephones.",
  ],
  args: z.strictObject({
    zone: zoneField,
    fight_mode: onOff.describe("Challenge what looks like a bot, in the whole zone. Free plan."),
    enable_js: onOff.describe("Put a script into pages that tells bots apart. Forced on by `fight_mode`."),
    ai_bots_protection: z.enum(["disabled", "block", "only_on_ad_pages"]).optional().describe("Robots that collect for language models."),
    crawler_protection: z.enum(["enabled", "disabled"]).optional().describe("Lead such robots into a maze."),
    is_robots_txt_managed: onOff.describe("Let Cloudflare write into robots.txt."),
    sbfm_definitely_automated: verdict.describe("Requests that are surely automated. Pro plan and above."),
    sbfm_likely_automated: verdict.describe("Requests that are likely automated. Business plan."),
    sbfm_verified_bots: z.enum(["allow", "block"]).optional().describe("Bots that Cloudflare knows. Pro plan and above."),
    sbfm_static_resource_protection: onOff.describe("Count static files too. Pro plan and above."),
  }),
  result: z.object({ bots: z.record(z.string(), z.unknown()).describe("All fields that the zone's plan has.") }),
  examples: [
    {
      title: "No robots that collect for language models",
      yaml: "cloudflare_bots: { zone: example.org, fight_mode: false, ai_bots_protection: block }",
    },
  ],
  facts: (a) => ({ bots: botsFact({ zone: a.zone }) }),
  plan({ zone, ...wanted }, facts) {
    const now = facts.bots.value;
    const declared = botFields.filter((f) => f in wanted && wanted[f as keyof typeof wanted] !== undefined);
    const other = declared.find((f) => now[f] === undefined);
    if (other) return refusal(`${zone} has no ${other} on its plan: leave it out`);
    const patch: Bots = Object.fromEntries(declared.map((f) => [f, wanted[f as keyof typeof wanted]]));
    if (patch.fight_mode === true && patch.enable_js === false) return refusal("fight_mode turns enable_js on: leave one of them out");
    const differing = declared.filter((f) => now[f] !== patch[f]);
    if (differing.length === 0) return [];
    const forced = patch.fight_mode === true ? { enable_js: true } : {};
    const after = { ...now, ...patch, ...forced };
    return [
      change(facts.bots, Object.fromEntries(Object.entries(after).filter(([f, v]) => now[f as keyof Bots] !== v)), {
        do: [{ do: "call", method: "PUT", path: `${zonePath(zone)}/bot_management`, body: after }],
        subject: `bots of ${zone}`,
      }),
    ];
  },
  resultOf: (_a, { after }) => ({ bots: after.bots.missing ? {} : { ...after.bots.value } }),
});
