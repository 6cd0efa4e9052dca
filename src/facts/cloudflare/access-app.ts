import type { ApiClient } from "../../kernel/apiclient.ts";
import { defineApiFact } from "../../kernel/apifact.ts";
import { NoAnswer } from "../../kernel/fact.ts";
import { nameIn } from "./access-rules.ts";
import { minutesOf } from "./duration.ts";
import { accountPath, listAt, only, picked, type Raw, textIn } from "./place.ts";

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
