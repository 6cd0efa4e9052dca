import { defineApiFact } from "../../kernel/apifact.ts";
import { listAt, objectAt, textIn, zonePath } from "./place.ts";

/** A certificate that Cloudflare's Origin CA gave for a server behind it. */
export interface OriginCertificate {
  readonly hostnames: readonly string[];
  /** The request that it was made from, and with it its key. */
  readonly csr: string;
  /** PEM. */
  readonly certificate: string;
  /** Fewer days are left than were asked about. */
  readonly due: boolean;
}

export interface OriginCertificates {
  readonly certificates: readonly OriginCertificate[];
}

/** PEM text with one kind of line break and nothing around it. */
export function canonicalPem(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}

/** `cloudflareOriginCertificates({ zone, days })`: those for names of the zone; `days` before the end one counts as due. */
export const cloudflareOriginCertificates = defineApiFact<{ readonly zone: string; readonly days: number }, OriginCertificates>({
  kind: "cloudflare_origin_certificates",
  summary: "The certificates of Cloudflare's Origin CA for names of a zone.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone, days }): Promise<OriginCertificates> => {
        const id = textIn(await objectAt(client, zonePath(zone)), "id") ?? "";
        const all = await listAt(client, `/certificates?zone_id=${id}`);
        const certificates = all.map((c): OriginCertificate => {
          const ends = Date.parse((textIn(c, "expires_on") ?? "").replace(/ \+0000 UTC$/, "Z").replace(" ", "T"));
          return {
            hostnames: [...((c.hostnames ?? []) as readonly string[])].sort(),
            csr: canonicalPem(textIn(c, "csr") ?? ""),
            certificate: canonicalPem(textIn(c, "certificate") ?? ""),
            due: Number.isNaN(ends) || ends - Date.now() < days * 86_400_000,
          };
        });
        return { certificates: certificates.sort((a, b) => (a.certificate < b.certificate ? -1 : 1)) };
      }),
    ),
});

/** The zone's own client certificates, by which the server knows that it is this zone that asks. */
export interface OriginPulls {
  /** `ready`: in use at every place of the edge. */
  readonly certificates: readonly { readonly certificate: string; readonly ready: boolean }[];
}

/** `cloudflareOriginPulls({ zone })` */
export const cloudflareOriginPulls = defineApiFact<{ readonly zone: string }, OriginPulls>({
  kind: "cloudflare_origin_pulls",
  summary: "The client certificates that a zone shows to the server behind it.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone }): Promise<OriginPulls> => {
        const all = await listAt(client, `${zonePath(zone)}/origin_tls_client_auth`);
        const certificates = all.map((c) => ({ certificate: canonicalPem(textIn(c, "certificate") ?? ""), ready: c.status === "active" }));
        return { certificates: certificates.sort((a, b) => (a.certificate < b.certificate ? -1 : 1)) };
      }),
    ),
});
