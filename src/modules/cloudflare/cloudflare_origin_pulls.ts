import { z } from "zod";
import { canonicalPem, cloudflareOriginPulls as pullsFact } from "../../facts/cloudflare/origin.ts";
import { zonePath } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { zoneField } from "./zoneField.ts";

/** The client certificate by which the server knows the zone. */
export const cloudflareOriginPulls = defineModule({
  name: "cloudflare_origin_pulls",
  kind: "state",
  summary: "Give the zone a client certificate of its own, which it shows to the server behind it.",
  notes: [
    "Cloudflare's shared client certificate proves that Cloudflare asks; only one of your own proves that your zone does.",
    "Turn it on with the setting `origin_pulls` when `ready` is true, and let the server insist on it after that.",
  ],
  args: z.strictObject({
    zone: zoneField,
    certificate: z
      .string()
      .regex(/-----BEGIN CERTIFICATE-----/, "a certificate in PEM is wanted")
      .describe("The client certificate in PEM."),
    private_key: z
      .union([z.string(), z.instanceof(Secret)])
      .transform((text) => (text instanceof Secret ? text : new Secret(text)))
      .describe("Its key in PEM. It is sent once and cannot be read again."),
  }),
  result: z.object({ ready: z.boolean().describe("Whether the whole edge has it.") }),
  secretArgs: ["private_key"],
  examples: [
    {
      title: "From the vault",
      yaml: 'cloudflare_origin_pulls: { zone: example.org, certificate: "-----BEGIN CERTIFICATE-----", private_key: "-----BEGIN PRIVATE KEY-----" }',
    },
  ],
  facts: (a) => ({ pulls: pullsFact({ zone: a.zone }) }),
  plan(a, facts) {
    const mine = canonicalPem(a.certificate);
    if (facts.pulls.value.certificates.some((c) => c.certificate === mine)) return [];
    const step = {
      do: "call",
      method: "POST",
      path: `${zonePath(a.zone)}/origin_tls_client_auth`,
      body: { certificate: mine, private_key: a.private_key },
    } as const;
    const planned = change(
      facts.pulls,
      {},
      { do: [step], opaque: true, pending: "propagation", subject: `client certificate of ${a.zone}` },
    );
    return [{ ...planned, predicts: [], fields: [{ name: "certificate", before: undefined, after: "present" }] }];
  },
  resultOf: (a, { after }) => ({
    ready: !after.pulls.missing && after.pulls.value.certificates.some((c) => c.certificate === canonicalPem(a.certificate) && c.ready),
  }),
});
