import { z } from "zod";
import { type Area, areas, cloudflarePermission } from "../../facts/cloudflare/permission.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

const names = Object.keys(areas) as [Area, ...Area[]];

/** Whether the token reaches what the tasks behind will need. */
export const cloudflareToken = defineModule({
  name: "cloudflare_token",
  kind: "question",
  summary: "Check that the API token reaches everything that is needed, before anything is written.",
  notes: [
    "Each area is read once. Whether the token may write there cannot be tried without writing.",
    "That the token is valid at all is checked when the host is connected.",
  ],
  args: z.strictObject({
    zone: zoneField,
    areas: z.array(z.enum(names)).min(1).describe("What is needed."),
  }),
  result: z.object({ areas: z.array(z.string()).describe("The areas that the token reaches.") }),
  examples: [{ title: "Enough for names and settings", yaml: "cloudflare_token: { zone: example.org, areas: [dns, settings] }" }],
  facts: (a) => ({ permissions: a.areas.map((area) => cloudflarePermission({ zone: a.zone, area })) }),
  plan(a, { permissions }) {
    const missing = a.areas.filter((_, i) => !permissions[i]?.value.allowed);
    if (missing.length === 0) return [];
    const wanted = missing.map((area) => `${area} ("${areas[area][1]}")`).join(", ");
    return refusal(`the API token does not reach ${wanted} of ${a.zone}: add the permission where the token was made`);
  },
  resultOf: (a, { after }) => ({
    areas: a.areas.filter((_, i) => after.permissions[i]?.missing === undefined && after.permissions[i]?.value.allowed),
  }),
});
