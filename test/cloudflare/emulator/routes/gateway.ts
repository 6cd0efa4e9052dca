import { randomUUID } from "node:crypto";
import { type Json, ok, page, Refused } from "../reply.ts";
import { type Account, now } from "../state.ts";
import type { Routes } from "./routes.ts";

function needsGateway(account: Account): void {
  if (!account.gateway) throw new Refused(404, 2004, "gateway is not set up for this account");
}

function ruleOf(body: Json, account: Account, except?: string): Json {
  if ((body.filters ?? []).length > 1) throw new Refused(400, 2009, "exactly one filter is expected");
  for (const [id, other] of account.gatewayRules)
    if (id !== except && other.precedence === body.precedence && body.precedence !== undefined)
      throw new Refused(400, 2010, "the precedence is taken by another rule");
  return {
    name: body.name,
    description: body.description ?? "",
    action: body.action,
    enabled: body.enabled ?? false,
    filters: body.filters ?? [],
    // Brackets and blanks come back otherwise than they were sent.
    traffic: (body.traffic ?? "").replace(/\s+/g, " ").trim(),
    identity: body.identity ?? "",
    device_posture: body.device_posture ?? "",
    precedence: body.precedence ?? 1000 * (account.gatewayRules.size + 1),
    rule_settings: { block_page_enabled: false, block_reason: "", ...body.rule_settings },
    deleted_at: null,
    updated_at: now(),
  };
}

export const gatewayRoutes: Routes = {
  "GET /accounts/{account_id}/gateway": (_asked, account) => {
    needsGateway(account);
    return ok({ id: account.id, gateway_tag: account.id, provider_name: "Cloudflare" });
  },
  "POST /accounts/{account_id}/gateway": (_asked, account) => {
    account.gateway = true;
    return ok({ id: account.id, gateway_tag: account.id, provider_name: "Cloudflare" });
  },
  "GET /accounts/{account_id}/gateway/configuration": (_asked, account) => {
    needsGateway(account);
    return ok({ settings: account.gatewaySettings, created_at: "2026-01-01T00:00:00Z", updated_at: now() });
  },
  "PATCH /accounts/{account_id}/gateway/configuration": (asked, account) => {
    needsGateway(account);
    const wanted = asked.body.settings;
    const usable = [...account.gatewayCertificates.values()].some((c) => c.binding_status === "available");
    if (wanted.tls_decrypt?.enabled && !usable) throw new Refused(400, 2040, "tls_decrypt needs a certificate that is available");
    if (
      wanted.antivirus &&
      (wanted.antivirus.enabled_download_phase || wanted.antivirus.enabled_upload_phase) &&
      !(wanted.tls_decrypt ?? account.gatewaySettings.tls_decrypt).enabled
    )
      throw new Refused(400, 2041, "antivirus needs tls_decrypt");
    account.gatewaySettings = { ...account.gatewaySettings, ...wanted };
    return ok({ settings: account.gatewaySettings, created_at: "2026-01-01T00:00:00Z", updated_at: now() });
  },
  "GET /accounts/{account_id}/gateway/certificates": (asked, account) =>
    page(
      [...account.gatewayCertificates].map(([id, c]) => ({ id, ...c })),
      asked,
    ),
  "POST /accounts/{account_id}/gateway/certificates": (asked, account) => {
    const id = randomUUID();
    account.gatewayCertificates.set(id, {
      binding_status: "inactive",
      in_use: false,
      type: "gateway_managed",
      created_at: now(),
      expires_on: "2031-11-01T00:00:00Z",
      ...asked.body,
    });
    return ok({ id, ...account.gatewayCertificates.get(id) });
  },
  "POST /accounts/{account_id}/gateway/certificates/{certificate_id}/activate": (asked, account) => {
    const id = asked.params.certificate_id ?? "";
    const found = account.gatewayCertificates.get(id);
    if (!found) throw new Refused(404, 2005, "no such certificate");
    // Ready only after it was looked at a few times.
    found.binding_status = "pending_deployment";
    account.gatewayCertificates.set(id, found);
    return ok({ id, ...found });
  },
  "GET /accounts/{account_id}/gateway/rules": (asked, account) => {
    needsGateway(account);
    return page(
      [...account.gatewayRules].map(([id, r]) => ({ id, ...r })),
      asked,
      500,
    );
  },
  "POST /accounts/{account_id}/gateway/rules": (asked, account) => {
    needsGateway(account);
    const id = randomUUID();
    account.gatewayRules.set(id, { ...ruleOf(asked.body, account), version: 1, created_at: now() });
    return ok({ id, ...account.gatewayRules.get(id) });
  },
  "PUT /accounts/{account_id}/gateway/rules/{rule_id}": (asked, account) => {
    const id = asked.params.rule_id ?? "";
    const old = account.gatewayRules.get(id);
    if (!old) throw new Refused(404, 2005, "no such rule");
    account.gatewayRules.set(id, { ...ruleOf(asked.body, account, id), version: old.version + 1, created_at: old.created_at });
    return ok({ id, ...account.gatewayRules.get(id) });
  },
  "DELETE /accounts/{account_id}/gateway/rules/{rule_id}": (asked, account) => {
    if (!account.gatewayRules.delete(asked.params.rule_id ?? "")) throw new Refused(404, 2005, "no such rule");
    return ok({});
  },
};
