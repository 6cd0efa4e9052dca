import type { ApiClient } from "../../kernel/apiclient.ts";
import { defineApiFact } from "../../kernel/apifact.ts";
import { NoAnswer } from "../../kernel/fact.ts";
import { type Condition, namedConditions, nameIn } from "./access-rules.ts";
import { minutesOf } from "./duration.ts";
import { accountPath, listAt, objectAt, picked, type Raw, textIn } from "./place.ts";

interface Key {
  readonly zone: string;
  readonly name: string;
}

/** Who belongs to a group or is meant by a policy. */
export interface Conditions {
  /** One of them is enough. */
  readonly include: readonly Condition[];
  /** All of them are needed as well. */
  readonly require: readonly Condition[];
  /** None of them may be so. */
  readonly exclude: readonly Condition[];
}

export interface AccessGroup extends Conditions {
  readonly present: boolean;
}

export interface AccessPolicy extends Conditions {
  readonly present: boolean;
  readonly decision: string | null;
  /** Minutes that a login lasts; null: the application or the organisation says it. */
  readonly session: number | null;
}

/** An application: what stands behind a login. */
export interface AccessApp {
  readonly present: boolean;
  readonly name: string | null;
  /** Names of the policies, in the order of their precedence. */
  readonly policies: readonly string[];
  /** Types of the identity providers that may be chosen; empty: all. */
  readonly providers: readonly string[];
  readonly autoRedirect: boolean;
  /** Minutes. */
  readonly session: number | null;
  readonly httpOnly: boolean;
  readonly sameSite: string | null;
  readonly launcher: boolean;
  readonly destinations: readonly { readonly uri: string; readonly open: readonly string[] }[];
  /** What we do not manage, and send back as it was. */
  readonly rest: Raw;
}

const nobody = { include: [], require: [], exclude: [] };
export const noGroup: AccessGroup = { present: false, ...nobody };
export const noPolicy: AccessPolicy = { present: false, decision: null, session: null, ...nobody };

function only(found: readonly Raw[], what: string): Raw | undefined | NoAnswer {
  if (found.length < 2) return found[0];
  return new NoAnswer(`${found.length} ${what} (${found.map((f) => f.id).join(", ")}): remove all but one`);
}

async function conditionsOf(client: ApiClient, zone: string, raw: Raw): Promise<Conditions> {
  const [include, require, exclude] = await Promise.all(
    ["include", "require", "exclude"].map((part) => namedConditions(client, zone, raw[part])),
  );
  return { include: include ?? [], require: require ?? [], exclude: exclude ?? [] };
}

async function named(client: ApiClient, { zone, name }: Key, kind: "groups" | "policies"): Promise<Raw | undefined | NoAnswer> {
  const all = await listAt(client, `${accountPath(zone)}/access/${kind}`);
  return only(
    all.filter((o) => o.name === name),
    `${kind} are named ${name}`,
  );
}

/** `cloudflareGroup({ zone, name })` */
export const cloudflareGroup = defineApiFact<Key, AccessGroup>({
  kind: "cloudflare_access_group",
  summary: "A group of Cloudflare Access: who belongs to it.",
  api: ["cloudflare"],
  object: ({ zone, name }) => `${zone} ${name}`,
  absent: ({ present }) => !present,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async (key) => {
        const raw = await named(client, key, "groups");
        if (raw instanceof NoAnswer) return raw;
        return raw ? { present: true, ...(await conditionsOf(client, key.zone, raw)) } : noGroup;
      }),
    ),
});

/** `cloudflarePolicy({ zone, name })` */
export const cloudflarePolicy = defineApiFact<Key, AccessPolicy>({
  kind: "cloudflare_access_policy",
  summary: "A policy of Cloudflare Access: who is let in, and for how long.",
  api: ["cloudflare"],
  object: ({ zone, name }) => `${zone} ${name}`,
  absent: ({ present }) => !present,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async (key) => {
        const raw = await named(client, key, "policies");
        if (raw instanceof NoAnswer) return raw;
        if (!raw) return noPolicy;
        const rules = await conditionsOf(client, key.zone, raw);
        return { present: true, decision: textIn(raw, "decision"), session: minutesOf(raw.session_duration), ...rules };
      }),
    ),
});

/** Fields of an application that a writing request would otherwise set back to what the API takes for usual. */
const kept = [
  "allow_authenticate_via_warp",
  "allow_iframe",
  "cors_headers",
  "custom_deny_message",
  "custom_deny_url",
  "custom_non_identity_deny_url",
  "custom_pages",
  "enable_binding_cookie",
  "logo_url",
  "options_preflight_bypass",
  "path_cookie_attribute",
  "service_auth_401_redirect",
  "skip_interstitial",
  "tags",
];

export const noApp: AccessApp = {
  present: false,
  name: null,
  policies: [],
  providers: [],
  autoRedirect: false,
  session: null,
  httpOnly: false,
  sameSite: null,
  launcher: false,
  destinations: [],
  rest: {},
};

/** `cloudflareApp({ zone, host })`: by the first address of the application. */
export const cloudflareApp = defineApiFact<{ readonly zone: string; readonly host: string }, AccessApp>({
  kind: "cloudflare_access_app",
  summary: "An application of Cloudflare Access: which address asks for a login, and by which policies.",
  api: ["cloudflare"],
  object: ({ zone, host }) => `${zone} ${host}`,
  absent: ({ present }) => !present,
  ask: (client, keys) => Promise.all(keys.map(({ zone, host }) => appOf(client, zone, host))),
});

async function appOf(client: ApiClient, zone: string, host: string): Promise<AccessApp | NoAnswer> {
  const all = await listAt(client, `${accountPath(zone)}/access/apps`);
  const raw = only(
    all.filter((a) => a.type === "self_hosted" && a.domain === host),
    `Access applications stand on ${host}`,
  );
  if (raw instanceof NoAnswer) return raw;
  if (!raw) return noApp;
  const providers = (raw.allowed_idps ?? []) as readonly string[];
  const known = providers.length > 0 ? await listAt(client, `${accountPath(zone)}/access/identity_providers`) : [];
  const policies = [...((raw.policies ?? []) as readonly Raw[])].sort((a, b) => Number(a.precedence) - Number(b.precedence));
  return {
    present: true,
    name: textIn(raw, "name"),
    policies: policies.map((p) => textIn(p, "name") ?? String(p.id)),
    providers: providers.map((id) => nameIn(known, id, "type")).sort(),
    autoRedirect: raw.auto_redirect_to_identity === true,
    session: minutesOf(raw.session_duration),
    httpOnly: raw.http_only_cookie_attribute === true,
    sameSite: textIn(raw, "same_site_cookie_attribute"),
    launcher: raw.app_launcher_visible === true,
    destinations: ((raw.destinations ?? []) as readonly Raw[]).map((d) => ({
      uri: String(d.uri),
      open: ((d.overrides ?? []) as readonly Raw[])
        .filter((o) => o.behavior === "public")
        .map((o) => String(o.path_pattern))
        .sort(),
    })),
    rest: Object.fromEntries(Object.entries(picked(raw, kept)).filter(([, value]) => says(value))),
  };
}

/** False and nothing are what the API takes for usual; it gives them back or not. */
function says(value: unknown): boolean {
  return value !== false && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** Zero Trust of the account, as far as logging in goes. */
export interface Identity {
  /** False until somebody has taken the first steps in the dashboard. */
  readonly set_up: boolean;
  /** `team.cloudflareaccess.com` */
  readonly domain: string | null;
  /** Types of the identity providers. */
  readonly providers: readonly string[];
}

/** `cloudflareIdentity({ zone })` */
export const cloudflareIdentity = defineApiFact<{ readonly zone: string }, Identity>({
  kind: "cloudflare_identity",
  summary: "Whether Zero Trust is set up in an account, and how people may prove who they are.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone }): Promise<Identity> => {
        const organization = await objectAt(client, `${accountPath(zone)}/access/organizations`);
        if (!organization) return { set_up: false, domain: null, providers: [] };
        const providers = await listAt(client, `${accountPath(zone)}/access/identity_providers`);
        return { set_up: true, domain: textIn(organization, "auth_domain"), providers: providers.map((p) => String(p.type)).sort() };
      }),
    ),
});
