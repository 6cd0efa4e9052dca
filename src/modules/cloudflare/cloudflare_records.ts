import { z } from "zod";
import { cloudflareRecords as recordsFact } from "../../facts/cloudflare/records.ts";
import { defineModule } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

/** All names of a zone. */
export const cloudflareRecords = defineModule({
  name: "cloudflare_records",
  kind: "question",
  summary: "Tell all DNS records of a zone, of every type and of whoever.",
  notes: [
    "For a check that no record shows an address: MX, TXT (SPF), SRV and CAA are among them, and so are those that nobody here made.",
  ],
  args: z.strictObject({ zone: zoneField }),
  result: z.object({
    records: z
      .array(
        z.object({
          name: z.string().describe("Whole name, in small letters."),
          type: z.string().describe("`A`, `AAAA`, `CNAME`, `MX`, `TXT`, `SRV`, ..."),
          content: z.string().describe("Address, name or text, as the API shows it; that of a TXT may stand in double quotes."),
          proxied: z.boolean().describe("Whether visitors get Cloudflare's address in place of this one."),
          ttl: z.number().describe("Seconds; 1 lets Cloudflare choose."),
          comment: z.string().nullable().describe("`rempart` on ours."),
          priority: z.number().nullable().describe("Of MX, SRV and the like."),
        }),
      )
      .describe("In the order of name, type and content."),
  }),
  examples: [
    {
      title: "Nothing shows the address",
      yaml: `cloudflare_records: { zone: example.org }
register: zone`,
    },
  ],
  freeForm: "zone",
  facts: (a) => ({ all: recordsFact({ zone: a.zone }) }),
  plan: (_a, { all }) => {
    void all.value;
    return [];
  },
  resultOf: (_a, { after }) => ({ records: after.all.missing ? [] : after.all.value.records.map((r) => ({ ...r })) }),
});
