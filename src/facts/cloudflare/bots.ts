import { defineApiFact } from "../../kernel/apifact.ts";
import { objectAt, picked, zonePath } from "./place.ts";

/** The fields that can be written; what else the API tells changes by itself. */
export const botFields = [
  "fight_mode",
  "enable_js",
  "ai_bots_protection",
  "crawler_protection",
  "is_robots_txt_managed",
  "content_bots_protection",
  "cf_robots_variant",
  "optimize_wordpress",
  "sbfm_definitely_automated",
  "sbfm_likely_automated",
  "sbfm_static_resource_protection",
  "sbfm_verified_bots",
] as const;

export type Bots = Readonly<Partial<Record<(typeof botFields)[number], unknown>>>;

/** `cloudflareBots({ zone })`: only the fields that the zone's plan has. */
export const cloudflareBots = defineApiFact<{ readonly zone: string }, Bots>({
  kind: "cloudflare_bots",
  summary: "How a zone at Cloudflare treats bots.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) =>
    Promise.all(keys.map(async ({ zone }) => picked((await objectAt(client, `${zonePath(zone)}/bot_management`)) ?? {}, botFields))),
});
