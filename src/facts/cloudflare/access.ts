import type { ApiClient } from "../../kernel/apiclient.ts";
import { defineApiFact } from "../../kernel/apifact.ts";
import { NoAnswer } from "../../kernel/fact.ts";
import { type Condition, namedConditions } from "./access-rules.ts";
import { minutesOf } from "./duration.ts";
import { accountPath, listAt, only, type Raw, textIn } from "./place.ts";

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

const nobody = { include: [], require: [], exclude: [] };
export const noGroup: AccessGroup = { present: false, ...nobody };
export const noPolicy: AccessPolicy = { present: false, decision: null, session: null, ...nobody };

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
