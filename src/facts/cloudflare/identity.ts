import { defineApiFact } from "../../kernel/apifact.ts";
import { accountPath, listAt, objectAt, textIn } from "./place.ts";

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
