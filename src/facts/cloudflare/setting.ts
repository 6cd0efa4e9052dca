import { defineApiFact } from "../../kernel/apifact.ts";
import { objectAt, type Raw, zonePath } from "./place.ts";

/** A switch of a zone. */
export interface Setting {
  /** False where Cloudflare knows no such setting for this zone. */
  readonly known: boolean;
  readonly value: unknown;
  /** Whether the plan lets it be changed. */
  readonly editable: boolean;
}

/** Where a switch lives that is no zone setting, and how it is written there. */
interface Place {
  readonly path: string;
  readonly method: string;
  /** Field that holds the value. */
  readonly field: string;
}

const places: Readonly<Record<string, Place>> = {
  universal_ssl: { path: "/ssl/universal/settings", method: "PATCH", field: "enabled" },
  leaked_credential_checks: { path: "/leaked-credential-checks", method: "POST", field: "enabled" },
  origin_pulls: { path: "/origin_tls_client_auth/settings", method: "PUT", field: "enabled" },
  dnssec: { path: "/dnssec", method: "PATCH", field: "status" },
};

/** Where the setting is read and written. */
export function placeOf(zone: string, name: string): Place {
  const place = places[name] ?? { path: `/settings/${name}`, method: "PATCH", field: "value" };
  return { ...place, path: `${zonePath(zone)}${place.path}` };
}

/** The form in which values are compared: what the API gives back in another spelling than it takes. */
export function canonicalSetting(name: string, value: unknown): unknown {
  if (name === "tls_1_3" && value === "zrt") return "on";
  if (name === "dnssec" && value === "pending") return "active";
  return value;
}

/** `cloudflareSetting({ zone, name })` */
export const cloudflareSetting = defineApiFact<{ readonly zone: string; readonly name: string }, Setting>({
  kind: "cloudflare_setting",
  summary: "The value of a zone's setting at Cloudflare, and whether the plan lets it be changed.",
  api: ["cloudflare"],
  object: ({ zone, name }) => `${zone} ${name}`,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone, name }): Promise<Setting> => {
        const { path, field } = placeOf(zone, name);
        const raw: Raw | undefined = await objectAt(client, path);
        if (!raw) return { known: false, value: null, editable: false };
        return { known: true, value: canonicalSetting(name, raw[field] ?? null), editable: raw.editable !== false };
      }),
    ),
});
