import { z } from "zod";
import { cloudflareExport as exportFact } from "../../facts/cloudflare/export.ts";
import { defineModule } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

/** What is set up at Cloudflare, for a backup. */
export const cloudflareExport = defineModule({
  name: "cloudflare_export",
  kind: "question",
  summary: "Read what is set up in a zone, as JSON for a backup.",
  notes: [
    "Two exports differ only where somebody changed something: identifiers and what counts up are left out, and everything stands in its order.",
    "It holds the e-mail addresses of who may log in, and no key or token.",
  ],
  args: z.strictObject({
    zone: zoneField,
    access: z.boolean().default(true).describe("With the logins of Access."),
  }),
  result: z.object({ json: z.string().describe("Names, settings, rules, bots and logins, over several lines.") }),
  examples: [{ title: "For a backup", yaml: "cloudflare_export: { zone: example.org }" }],
  freeForm: "zone",
  facts: (a) => ({ all: exportFact({ zone: a.zone, access: a.access }) }),
  plan: (_a, { all }) => {
    void all.value;
    return [];
  },
  resultOf: (_a, { after }) => ({ json: after.all.missing ? "" : `${JSON.stringify(after.all.value, null, 2)}\n` }),
});
