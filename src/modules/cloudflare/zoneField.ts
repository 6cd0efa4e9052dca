import { z } from "zod";
import { canonicalName } from "../../facts/cloudflare/record.ts";

const hostName = /^(\*\.|_)?([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** A name as DNS writes it. */
export const hostField = z
  .string()
  .transform(canonicalName)
  .refine((name) => hostName.test(name), "a whole name is wanted, such as media.example.org");

/** The zone that a module of Cloudflare works on. */
export const zoneField = hostField.describe("Name of the zone: `example.org`.");

/** A name in the zone, or the zone itself. */
export function isIn(zone: string, name: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** A length of time as Cloudflare writes it. */
export const durationField = z.string().regex(/^[1-9][0-9]*[hm]$/, "a time is written 24h or 30m");
