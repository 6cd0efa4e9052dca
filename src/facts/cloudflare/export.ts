import type { ApiClient } from "../../kernel/apiclient.ts";
import { defineApiFact } from "../../kernel/apifact.ts";
import { type Ask, NoAnswer } from "../../kernel/fact.ts";
import { cloudflareGroup, cloudflarePolicy } from "./access.ts";
import { cloudflareApp } from "./access-app.ts";
import { cloudflareBots } from "./bots.ts";
import { cloudflareIdentity } from "./identity.ts";
import { accountPath, listAt, picked, zonePath } from "./place.ts";
import { cloudflareRuleset, phases } from "./ruleset.ts";
import { cloudflareSetting } from "./setting.ts";

interface Key {
  readonly zone: string;
  /** Whether Access is part of it. */
  readonly access: boolean;
}

/** Everything of a zone that was set up, those things included that are not ours; nothing that counts up by itself. */
export type Export = Readonly<Record<string, unknown>>;

const recordFields = ["name", "type", "content", "priority", "data", "proxied", "ttl", "comment", "tags"];

const settings = [
  "ssl",
  "ssl_automatic_mode",
  "min_tls_version",
  "tls_1_3",
  "always_use_https",
  "automatic_https_rewrites",
  "opportunistic_encryption",
  "tls_client_auth",
  "security_header",
  "security_level",
  "universal_ssl",
  "leaked_credential_checks",
  "origin_pulls",
  "dnssec",
];

/** `cloudflareExport({ zone, access })` */
export const cloudflareExport = defineApiFact<Key, Export>({
  kind: "cloudflare_export",
  summary: "Everything that was set up in a zone and, if wanted, in its account's Access.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) => Promise.all(keys.map((key) => exportOf(client, key))),
});

async function exportOf(client: ApiClient, { zone, access }: Key): Promise<Export> {
  const records = (await listAt(client, `${zonePath(zone)}/dns_records`)).map((r) => picked(r, recordFields));
  const line = (r: object): string => JSON.stringify(r);
  return {
    zone,
    records: records.sort((a, b) => (line(a) < line(b) ? -1 : 1)),
    settings: await answers(client, cloudflareSetting, settings, (name) => ({ zone, name })),
    rules: await answers(client, cloudflareRuleset, phases, (phase) => ({ zone, phase })),
    bots: (await answers(client, cloudflareBots, [zone], () => ({ zone })))[zone],
    ...(access && (await accessOf(client, zone))),
  };
}

async function accessOf(client: ApiClient, zone: string): Promise<Export> {
  const at = async (list: string, field: string): Promise<readonly string[]> =>
    [...new Set((await listAt(client, `${accountPath(zone)}/access/${list}`)).map((o) => String(o[field])))].sort();
  return {
    identity: (await answers(client, cloudflareIdentity, [zone], () => ({ zone })))[zone],
    groups: await answers(client, cloudflareGroup, await at("groups", "name"), (name) => ({ zone, name })),
    policies: await answers(client, cloudflarePolicy, await at("policies", "name"), (name) => ({ zone, name })),
    apps: await answers(client, cloudflareApp, await at("apps", "domain"), (host) => ({ zone, host })),
  };
}

/** The answers of another question, by the word that each is about. */
async function answers<K, V>(client: ApiClient, ask: Ask<K, V>, words: readonly string[], keyOf: (word: string) => K): Promise<Export> {
  const values = (await ask.fact.api?.ask(client, words.map(keyOf))) ?? [];
  return Object.fromEntries(words.map((word, i) => [word, values[i] instanceof NoAnswer ? values[i].why : values[i]]));
}
