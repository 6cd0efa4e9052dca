import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { canonicalPem, cloudflareOriginCertificates, type OriginCertificate } from "../../facts/cloudflare/origin.ts";
import { change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import { hostField, isIn, zoneField } from "./zoneField.ts";

const days = [7, 30, 90, 365, 730, 1095, 5475] as const;

const args = z
  .strictObject({
    zone: zoneField,
    csr: z
      .string()
      .regex(
        /^\s*-----BEGIN CERTIFICATE REQUEST-----[\s\S]+-----END CERTIFICATE REQUEST-----\s*$/,
        "a certificate request in PEM is wanted",
      )
      .describe("Certificate request in PEM. Its key stays where it was made."),
    hostnames: z.array(hostField).min(1).describe("Names that the certificate is for."),
    request_type: z.enum(["origin-ecc", "origin-rsa"]).default("origin-ecc").describe("Kind of the key in the request."),
    validity_days: z
      .union(days.map((d) => z.literal(d)))
      .default(365)
      .describe("How long it is good."),
    renew_days: z.int().min(1).max(365).default(30).describe("A new one is made so many days before the end."),
  })
  .refine((a) => a.hostnames.every((h) => isIn(a.zone, h)), { error: "a name is not in the zone", path: ["hostnames"] })
  .refine((a) => a.renew_days < a.validity_days, { error: "it would be made anew in every run", path: ["renew_days"] });

type Args = z.output<typeof args>;

/** A certificate for the server behind Cloudflare. */
export const cloudflareOriginCertificate = defineModule({
  name: "cloudflare_origin_certificate",
  kind: "state",
  summary: "Have a certificate of Cloudflare's Origin CA for the server behind it.",
  notes: [
    "Only Cloudflare trusts such certificates: who reaches the server directly sees a warning.",
    "The key is made where it is used, and only the request travels. A certificate counts as the same one when request and names are the same.",
    "Old certificates are not revoked: another server may use them.",
  ],
  args,
  result: z.object({ certificate: z.string().nullable().describe("The certificate in PEM.") }),
  examples: [
    {
      title: "For the zone and its names",
      yaml: 'cloudflare_origin_certificate: { zone: example.org, hostnames: [example.org, "*.example.org"], csr: "-----BEGIN CERTIFICATE REQUEST-----\\nMIIB\\n-----END CERTIFICATE REQUEST-----" }',
    },
  ],
  facts: (a) => ({ there: cloudflareOriginCertificates({ zone: a.zone, days: a.renew_days }) }),
  plan(a, facts) {
    if (fitting(a, facts.there.value.certificates)) return [];
    const body = { csr: canonicalPem(a.csr), hostnames: a.hostnames, request_type: a.request_type, requested_validity: a.validity_days };
    const planned = change(
      facts.there,
      {},
      { do: [{ do: "call", method: "POST", path: "/certificates", body }], opaque: true, subject: `origin certificate of ${a.zone}` },
    );
    return [{ ...planned, predicts: [], fields: [{ name: "hostnames", before: undefined, after: [...a.hostnames].sort().join(" ") }] }];
  },
  resultOf: (a, { after }) => ({
    certificate: (after.there.missing ? undefined : fitting(a, after.there.value.certificates))?.certificate ?? null,
  }),
});

function fitting(a: Args, certificates: readonly OriginCertificate[]): OriginCertificate | undefined {
  const names = [...a.hostnames].sort();
  return certificates.find((c) => !c.due && c.csr === canonicalPem(a.csr) && isDeepStrictEqual(c.hostnames, names));
}
