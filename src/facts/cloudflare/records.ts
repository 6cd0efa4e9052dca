import { defineApiFact } from "../../kernel/apifact.ts";
import { listAt, type Raw, textIn, zonePath } from "./place.ts";
import { canonicalName, type DnsRecord, recordOf } from "./record.ts";

/** A record of a zone, of whatever type. `content` is the text that the API shows of it: `v=spf1 ip4:192.0.2.10 -all`. */
export interface ZoneRecord extends DnsRecord {
  readonly name: string;
  /** Of MX, SRV and the like; null elsewhere. */
  readonly priority: number | null;
}

/** Every record of a zone, in the order of name, type and content. */
export interface ZoneRecords {
  readonly records: readonly ZoneRecord[];
}

/** `cloudflareRecords({ zone })`: MX, TXT, SPF, SRV and CAA included. */
export const cloudflareRecords = defineApiFact<{ readonly zone: string }, ZoneRecords>({
  kind: "cloudflare_records",
  summary: "All DNS records of a zone at Cloudflare, of every type.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone }): Promise<ZoneRecords> => {
        const all = (await listAt(client, `${zonePath(zone)}/dns_records`)).map(zoneRecordOf);
        const key = (r: ZoneRecord): string => `${r.name} ${r.type} ${r.content}`;
        return { records: all.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
      }),
    ),
});

function zoneRecordOf(raw: Raw): ZoneRecord {
  const priority = typeof raw.priority === "number" ? raw.priority : null;
  return { name: canonicalName(textIn(raw, "name") ?? ""), ...recordOf(raw), priority };
}
