import { randomUUID } from "node:crypto";
import { type Asked, type Json, ok, page, Refused } from "../reply.ts";
import { type Account, now } from "../state.ts";
import type { Routes } from "./routes.ts";

function onboarded(account: Account): void {
  if (account.organization === null) throw new Refused(404, 12130, "access.api.error.not_enabled: Access is not enabled for this account");
}

function existing(map: Map<string, Json>, id: string | undefined): Json {
  const found = map.get(id ?? "");
  if (!found) throw new Refused(404, 12136, "access.api.error.not_found");
  return found;
}

/** `24h` as the API gives it back. */
function duration(text: string): string {
  const match = /^(\d+)(h|m)$/.exec(text);
  if (!match) return text;
  return match[2] === "h" ? `${match[1]}h0m0s` : `${match[1]}m0s`;
}

/** Rules come back with other letters in e-mail addresses than were sent. */
function rules(list: readonly Json[] | undefined, account: Account): Json[] {
  return (list ?? []).map((rule) => {
    if (rule.group && !account.groups.has(rule.group.id))
      throw new Refused(400, 12130, `access.api.error.invalid_request: no group ${rule.group.id}`);
    if (rule.email) return { email: { email: rule.email.email.toLowerCase() } };
    return rule;
  });
}

function groupOf(body: Json, account: Account): Json {
  return {
    name: body.name,
    include: rules(body.include, account),
    exclude: rules(body.exclude, account),
    require: rules(body.require, account),
    // Shown as a list of rules by the document, left out here as the API does for ordinary groups.
    updated_at: now(),
  };
}

function policyOf(body: Json, account: Account): Json {
  return {
    name: body.name,
    decision: body.decision,
    include: rules(body.include, account),
    exclude: rules(body.exclude, account),
    require: rules(body.require, account),
    ...(body.session_duration && { session_duration: duration(body.session_duration) }),
    reusable: true,
    updated_at: now(),
  };
}

function appOf(body: Json, account: Account): Json {
  const policies = (body.policies ?? []).map((p: Json) => {
    if (p.id === undefined) throw new Refused(400, 12130, "the emulator takes reusable policies only");
    return { ...existing(account.policies, p.id), id: p.id, precedence: p.precedence };
  });
  for (const id of body.allowed_idps ?? []) existing(account.identityProviders, id);
  if (body.auto_redirect_to_identity && (body.allowed_idps ?? []).length !== 1)
    throw new Refused(400, 12130, "auto_redirect_to_identity needs exactly one allowed identity provider");
  const first = body.destinations?.[0]?.uri ?? body.domain;
  return {
    app_launcher_visible: true,
    auto_redirect_to_identity: false,
    enable_binding_cookie: false,
    http_only_cookie_attribute: false,
    options_preflight_bypass: false,
    session_duration: "24h",
    allowed_idps: [],
    tags: [],
    ...body,
    ...(body.session_duration && { session_duration: duration(body.session_duration) }),
    domain: first,
    destinations: body.destinations ?? [{ type: "public", uri: body.domain }],
    self_hosted_domains: [first],
    policies,
    updated_at: now(),
  };
}

const collection = (
  path: string,
  parameter: string,
  of: (account: Account) => Map<string, Json>,
  made: (body: Json, account: Account) => Json,
  more: (asked: Asked) => (o: Json) => boolean = () => () => true,
): Routes => ({
  [`GET /accounts/{account_id}/access/${path}`]: (asked, account) => {
    onboarded(account);
    return page([...of(account)].map(([id, o]) => ({ id, ...o })).filter(more(asked)), asked, 25);
  },
  [`POST /accounts/{account_id}/access/${path}`]: (asked, account) => {
    onboarded(account);
    const id = randomUUID();
    of(account).set(id, { ...made(asked.body, account), created_at: now() });
    return ok({ id, ...of(account).get(id) }, 201);
  },
  [`PUT /accounts/{account_id}/access/${path}/{${parameter}}`]: (asked, account) => {
    const id = asked.params[parameter] ?? "";
    const old = existing(of(account), id);
    of(account).set(id, { ...made(asked.body, account), created_at: old.created_at });
    return ok({ id, ...of(account).get(id) });
  },
  [`DELETE /accounts/{account_id}/access/${path}/{${parameter}}`]: (asked, account) => {
    const id = asked.params[parameter] ?? "";
    existing(of(account), id);
    refuseUsed(id, account);
    of(account).delete(id);
    return ok({ id }, 202);
  },
});

function refuseUsed(id: string, account: Account): void {
  const used =
    [...account.apps.values()].some((a) => a.policies.some((p: Json) => p.id === id) || a.allowed_idps.includes(id)) ||
    [...account.policies.values(), ...account.groups.values()].some((p) =>
      [p.include, p.exclude, p.require].flat().some((r: Json) => r.group?.id === id),
    );
  if (used) throw new Refused(409, 12132, "access.api.error.conflict: it is still used");
}

const named = (asked: Asked) => (o: Json) => asked.query.get("name") === null || o.name === asked.query.get("name");

function providerOf(body: Json, account: Account): Json {
  if (body.type === "onetimepin" && [...account.identityProviders.values()].some((p) => p.type === "onetimepin"))
    throw new Refused(409, 12132, "access.api.error.conflict: there is a one-time PIN provider already");
  return { name: body.name, type: body.type, config: body.type === "onetimepin" ? {} : { ...body.config, client_secret: "**********" } };
}

export const accessRoutes: Routes = {
  "GET /accounts/{account_id}/access/organizations": (_asked, account) => {
    onboarded(account);
    return ok(account.organization);
  },
  ...collection("identity_providers", "identity_provider_id", (a) => a.identityProviders, providerOf),
  ...collection("groups", "group_id", (a) => a.groups, groupOf, named),
  ...collection("policies", "policy_id", (a) => a.policies, policyOf),
  ...collection(
    "apps",
    "app_id",
    (a) => a.apps,
    appOf,
    (asked) => (o) => named(asked)(o) && (asked.query.get("domain") === null || o.domain === asked.query.get("domain")),
  ),
};
