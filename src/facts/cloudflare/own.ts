import type { ApiClient } from "../../kernel/apiclient.ts";
import { defineApiFact } from "../../kernel/apifact.ts";
import { accountPath, listAt, type Raw, zonePath } from "./place.ts";
import { canonicalName } from "./record.ts";

/** What a record of ours carries as its comment, and how names of ours at Access begin. */
export const ownMark = "rempart";

/** What carries our mark in a zone and its account. */
export interface Own {
  readonly records: readonly { readonly type: string; readonly name: string }[];
  /** Hosts of applications that only policies of ours let people into. */
  readonly apps: readonly string[];
  readonly policies: readonly string[];
  readonly groups: readonly string[];
}

interface Key {
  readonly zone: string;
  /** Whether Access is looked at as well. */
  readonly access: boolean;
}

/** `cloudflareOwn({ zone, access })` */
export const cloudflareOwn = defineApiFact<Key, Own>({
  kind: "cloudflare_own",
  summary: "The names, logins, policies and groups of a zone that carry our mark.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) => Promise.all(keys.map((key) => ownOf(client, key))),
});

async function ownOf(client: ApiClient, { zone, access }: Key): Promise<Own> {
  const records = (await listAt(client, `${zonePath(zone)}/dns_records`))
    .filter((r) => r.comment === ownMark)
    .map((r) => ({ type: String(r.type), name: canonicalName(String(r.name)) }));
  const at = async (list: string): Promise<readonly Raw[]> => (access ? listAt(client, `${accountPath(zone)}/access/${list}`) : []);
  const [apps, policies, groups] = await Promise.all(["apps", "policies", "groups"].map(at));
  const inZone = (host: string): boolean => host === zone || host.endsWith(`.${zone}`);
  const key = (r: { readonly type: string; readonly name: string }): string => `${r.name} ${r.type}`;
  return {
    records: records.sort((a, b) => (key(a) < key(b) ? -1 : 1)),
    apps: (apps ?? [])
      .filter((a) => a.type === "self_hosted" && inZone(String(a.domain)) && onlyOurs((a.policies ?? []) as readonly Raw[]))
      .map((a) => String(a.domain))
      .sort(),
    policies: namesOf(policies),
    groups: namesOf(groups),
  };
}

function isOurs(name: unknown): boolean {
  return typeof name === "string" && name.startsWith(`${ownMark} `);
}

function onlyOurs(policies: readonly Raw[]): boolean {
  return policies.length > 0 && policies.every((p) => isOurs(p.name));
}

function namesOf(list: readonly Raw[] | undefined): readonly string[] {
  return (list ?? [])
    .map((o) => o.name)
    .filter(isOurs)
    .map(String)
    .sort();
}
