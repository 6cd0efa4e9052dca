import type { Secret } from "./value.ts";

/** Targets that are not a machine with a shell but an API: `ansible_connection` names them. */
export const apiKinds = ["cloudflare", "freebox", "livebox", "bbox", "routeros", "opnsense"] as const;
export type ApiKind = (typeof apiKinds)[number];

export function isApiKind(kind: string): kind is ApiKind {
  return apiKinds.some((known) => known === kind);
}

/** How to reach an API: the inventory's `api_*` variables. */
export interface ApiAccess {
  /** Without a slash at the end; where it is left out the client knows the usual one, or asks `ansible_host`. */
  readonly url?: string;
  readonly token?: Secret;
  readonly user?: string;
  readonly password?: Secret;
  /** File with the certificates that are trusted instead of the system's. */
  readonly ca?: string;
}
