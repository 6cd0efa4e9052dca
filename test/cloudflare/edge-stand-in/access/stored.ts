import type { Json } from "../../emulator/reply.ts";
import type { Account } from "../../emulator/state.ts";
import { NotKnown, oneOf, onlyKeys } from "../not-known.ts";
import { checkConditions } from "./conditions.ts";

/** Refuses what is stored about Access and is not understood here. */
export function checkAccess(account: Account): void {
  for (const group of account.groups.values()) {
    onlyKeys(group, ["name", "include", "exclude", "require", "created_at", "updated_at"], `the group ${group.name}`);
    checkConditions(group, `the group ${group.name}`);
  }
  for (const policy of account.policies.values()) checkPolicy(policy);
  for (const app of account.apps.values()) checkApp(app, account);
  oneOf(account.organization?.deny_unmatched_requests ?? false, [false], "the organisation: deny_unmatched_requests");
}

function checkPolicy(policy: Json): void {
  const where = `the policy ${policy.name}`;
  const about = ["name", "session_duration", "reusable", "created_at", "updated_at"];
  onlyKeys(policy, [...about, "decision", "include", "exclude", "require"], where);
  oneOf(policy.decision, ["allow", "deny", "bypass"], `${where}: decision`);
  checkConditions(policy, where);
  if (policy.session_duration !== undefined) secondsOf(policy.session_duration, where);
}

const about = ["name", "app_launcher_visible", "tags", "created_at", "updated_at", "domain", "self_hosted_domains"];
const used = ["destinations", "policies", "session_duration", "http_only_cookie_attribute", "same_site_cookie_attribute"];

function checkApp(app: Json, account: Account): void {
  const where = `the application ${app.name}`;
  onlyKeys(
    app,
    [...about, ...used, "type", "allowed_idps", "auto_redirect_to_identity", "enable_binding_cookie", "options_preflight_bypass"],
    where,
  );
  oneOf(app.type, ["self_hosted"], `${where}: type`);
  oneOf(app.enable_binding_cookie, [false], `${where}: enable_binding_cookie`);
  oneOf(app.options_preflight_bypass, [false], `${where}: options_preflight_bypass`);
  oneOf(app.same_site_cookie_attribute, [undefined, "lax", "none", "strict"], `${where}: same_site_cookie_attribute`);
  for (const id of app.allowed_idps) oneOf(account.identityProviders.get(id)?.type, ["onetimepin"], `${where}: identity provider`);
  secondsOf(app.session_duration, where);
  for (const destination of app.destinations) {
    onlyKeys(destination, ["type", "uri", "overrides"], `${where}, a destination`);
    oneOf(destination.type, ["public"], `${where}, a destination: type`);
    for (const override of destination.overrides ?? []) {
      onlyKeys(override, ["path_pattern", "behavior"], `${where}, an override`);
      oneOf(override.behavior, ["public"], `${where}, an override: behavior`);
      if (/\*./.test(override.path_pattern)) throw new NotKnown(`${where}: the pattern ${override.path_pattern}`);
    }
  }
}

/** Where an application's login stands, and whether a path is left open. */
export interface Guard {
  readonly id: string;
  readonly app: Json;
  readonly open: boolean;
}

/** The application that guards a path of a host: the one with the longest path that fits. */
export function guardOf(host: string, path: string, account: Account): Guard | undefined {
  const found: (Guard & { readonly length: number })[] = [];
  for (const [id, app] of account.apps)
    for (const { uri, overrides = [] } of app.destinations) {
      const [name = "", ...rest] = String(uri).split("/");
      const below = `/${rest.join("/")}`.replace(/\/?\*?$/, "");
      if (name.toLowerCase() !== host || !(path === below || path.startsWith(`${below}/`))) continue;
      found.push({ id, app, open: overrides.some((o: Json) => covers(o.path_pattern, path)), length: below.length });
    }
  return found.toSorted((a, b) => b.length - a.length)[0];
}

/** `/a` is that path alone, `/a*` whatever begins so. */
function covers(pattern: string, path: string): boolean {
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

/** Policies of an application as they are now, in the order in which they are tried. */
export function policiesOf(app: Json, account: Account): readonly Json[] {
  const given = (app.policies as Json[]).toSorted((a, b) => a.precedence - b.precedence);
  return given.map((p) => account.policies.get(p.id)).filter((p) => p !== undefined);
}

/** `24h0m0s` in seconds. */
export function secondsOf(duration: unknown, where: string): number {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(String(duration));
  if (!match || match[0] === "") throw new NotKnown(`${where}: the session duration ${String(duration)}`);
  return Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
}
