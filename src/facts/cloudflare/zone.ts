import { defineApiFact } from "../../kernel/apifact.ts";
import { listAt, type Raw, textIn } from "./place.ts";

/** A zone as Cloudflare has it. */
export interface Zone {
  readonly present: boolean;
  /** Cloudflare's identifier of it; null without a zone. */
  readonly id: string | null;
  /** `initializing`, `pending` (the name servers are not Cloudflare's yet), `active`, `moved`; null without a zone. */
  readonly status: string | null;
  /** `free`, `pro`, `business`, `enterprise`; null without a zone. */
  readonly plan: string | null;
  /** What has to stand at the registrar. */
  readonly nameServers: readonly string[];
}

export const noZone: Zone = { present: false, id: null, status: null, plan: null, nameServers: [] };

/** `cloudflareZone({ zone })`: whether the account has the zone, and whether the world asks Cloudflare for it. */
export const cloudflareZone = defineApiFact<{ readonly zone: string }, Zone>({
  kind: "cloudflare_zone",
  summary: "A zone at Cloudflare: plan, name servers, whether it is delegated.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  absent: (value) => !value.present,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone }): Promise<Zone> => {
        const [found] = (await listAt(client, `/zones?name=${encodeURIComponent(zone)}`)).filter((z) => z.name === zone);
        if (!found) return noZone;
        return {
          present: true,
          id: textIn(found, "id"),
          status: textIn(found, "status"),
          plan: textIn(found.plan as Raw | undefined, "legacy_id"),
          nameServers: [...((found.name_servers as readonly string[] | undefined) ?? [])].sort(),
        };
      }),
    ),
});
