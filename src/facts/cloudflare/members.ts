import { defineApiFact } from "../../kernel/apifact.ts";
import { accountPath, listAt, objectAt, type Raw, textIn } from "./place.ts";

/** Who may change the account. */
export interface Members {
  readonly members: readonly { readonly email: string; readonly secondFactor: boolean }[];
  /** Whether the account lets nobody in without a second factor. */
  readonly enforced: boolean;
}

/** `cloudflareMembers({ zone })` */
export const cloudflareMembers = defineApiFact<{ readonly zone: string }, Members>({
  kind: "cloudflare_members",
  summary: "The members of the account that a zone belongs to, and whether each has a second factor.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone }): Promise<Members> => {
        const all = await listAt(client, `${accountPath(zone)}/members`);
        const members = all.map((m) => {
          const user = (m.user ?? {}) as Raw;
          return {
            email: (textIn(user, "email") ?? textIn(m, "email") ?? "").toLowerCase(),
            secondFactor: user.two_factor_authentication_enabled === true,
          };
        });
        const account = await objectAt(client, accountPath(zone));
        const enforced = ((account?.settings ?? {}) as Raw).enforce_twofactor === true;
        return { members: members.sort((a, b) => (a.email < b.email ? -1 : 1)), enforced };
      }),
    ),
});
