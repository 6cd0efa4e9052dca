import { ApiError } from "../../kernel/apiclient.ts";
import { defineApiFact } from "../../kernel/apifact.ts";
import { accountPath, zonePath } from "./place.ts";

/** What a token may be needed for, the request that shows it, and how the permission is called where tokens are made. */
export const areas = {
  dns: [(zone: string) => `${zonePath(zone)}/dns_records`, "DNS Write"],
  settings: [(zone: string) => `${zonePath(zone)}/settings/ssl`, "Zone Settings Write"],
  certificates: [(zone: string) => `${zonePath(zone)}/ssl/universal/settings`, "SSL and Certificates Write"],
  rules: [(zone: string) => `${zonePath(zone)}/rulesets/phases/http_request_firewall_custom/entrypoint`, "Zone WAF Write"],
  bots: [(zone: string) => `${zonePath(zone)}/bot_management`, "Bot Management Write"],
  access: [(zone: string) => `${accountPath(zone)}/access/apps`, "Access: Apps and Policies Write"],
  identity: [
    (zone: string) => `${accountPath(zone)}/access/identity_providers`,
    "Access: Organizations, Identity Providers, and Groups Write",
  ],
  gateway: [(zone: string) => `${accountPath(zone)}/gateway/configuration`, "Zero Trust Write"],
  members: [(zone: string) => `${accountPath(zone)}/members`, "Account Settings Read"],
} as const;

export type Area = keyof typeof areas;

/** Whether the token may read what belongs to an area. Writing cannot be tried without writing. */
export interface Permission {
  readonly allowed: boolean;
  /** What the API said when not, else null. */
  readonly why: string | null;
}

/** `cloudflarePermission({ zone, area })` */
export const cloudflarePermission = defineApiFact<{ readonly zone: string; readonly area: Area }, Permission>({
  kind: "cloudflare_permission",
  summary: "Whether the API token reaches an area of a zone or its account.",
  api: ["cloudflare"],
  object: ({ zone, area }) => `${zone} ${area}`,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone, area }): Promise<Permission> => {
        try {
          await client.get(areas[area][0](zone));
          return { allowed: true, why: null };
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (error.status === 404) return { allowed: true, why: null };
          if (error.status === 401 || error.status === 403) return { allowed: false, why: error.message };
          throw error;
        }
      }),
    ),
});
