import { type Json, ok, page, Refused } from "../reply.ts";
import { hexId, now } from "../state.ts";
import type { Routes } from "./routes.ts";
import { zoneOf } from "./zones.ts";

export const tlsRoutes: Routes = {
  "GET /certificates": (asked, account) => {
    const zone = [...account.zones.values()].find((z) => z.id === asked.query.get("zone_id"));
    if (!zone) throw new Refused(400, 1001, "zone_id is missing or unknown");
    const under = (host: string) => host === zone.name || host.endsWith(`.${zone.name}`);
    const found = [...account.originCertificates.values()].filter((c) => c.hostnames.every(under));
    return page(found, asked);
  },
  "POST /certificates": (asked, account) => {
    if (!/^-----BEGIN CERTIFICATE REQUEST-----\n[\s\S]+\n-----END CERTIFICATE REQUEST-----\s*$/.test(asked.body.csr))
      throw new Refused(400, 1010, "Failed to parse the CSR");
    const zones = [...account.zones.values()].map((z) => z.name);
    const foreign = asked.body.hostnames.find((h: string) => !zones.some((z) => h === z || h.endsWith(`.${z}`)));
    if (foreign) throw new Refused(403, 1010, `This zone is not part of your account: ${foreign}`);
    const days = asked.body.requested_validity ?? 5475;
    const made = {
      id: hexId(),
      ...asked.body,
      // Kept in another order than they were sent.
      hostnames: (asked.body.hostnames as string[]).toSorted().toReversed(),
      requested_validity: days,
      certificate:
        account.signs?.(asked.body.csr, asked.body.hostnames, days) ??
        `-----BEGIN CERTIFICATE-----\nRU1VTEFUT1I${hexId()}\n-----END CERTIFICATE-----\n`,
      expires_on: `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`,
    };
    account.originCertificates.set(made.id, made);
    return ok(made);
  },
  "DELETE /certificates/{certificate_id}": (asked, account) => {
    const id = asked.params.certificate_id ?? "";
    if (!account.originCertificates.delete(id)) throw new Refused(404, 1101, "no such certificate");
    return ok({ id });
  },
  "GET /zones/{zone_id}/origin_tls_client_auth": (asked, account) => {
    const certificates = zoneOf(asked, account).originPullCertificates;
    // Ready some time after the upload: here after it was looked at twice.
    for (const c of certificates.values()) if (++c.looked >= 2) c.shown.status = "active";
    return page(
      [...certificates.values()].map((c) => c.shown),
      asked,
    );
  },
  "POST /zones/{zone_id}/origin_tls_client_auth": (asked, account) => {
    const zone = zoneOf(asked, account);
    if (!asked.body.private_key.includes("PRIVATE KEY")) throw new Refused(400, 1414, "the private key cannot be read");
    const shown: Json = {
      id: hexId(),
      certificate: asked.body.certificate,
      status: "pending_deployment",
      expires_on: "2036-01-01T00:00:00Z",
      issuer: "CN=emulator",
      signature: "ECDSAWithSHA256",
      uploaded_on: now(),
    };
    zone.originPullCertificates.set(shown.id, { shown, looked: 0, key: asked.body.private_key });
    return ok(shown);
  },
  "GET /zones/{zone_id}/origin_tls_client_auth/settings": (asked, account) => ok({ enabled: zoneOf(asked, account).originPulls }),
  "PUT /zones/{zone_id}/origin_tls_client_auth/settings": (asked, account) => {
    const zone = zoneOf(asked, account);
    zone.originPulls = asked.body.enabled;
    return ok({ enabled: zone.originPulls });
  },
  "GET /zones/{zone_id}/dnssec": (asked, account) => ok({ status: zoneOf(asked, account).dnssec, modified_on: now() }),
  "PATCH /zones/{zone_id}/dnssec": (asked, account) => {
    const zone = zoneOf(asked, account);
    zone.dnssec = asked.body.status === "active" ? "pending" : "disabled";
    return ok({ status: zone.dnssec, modified_on: now() });
  },
};
