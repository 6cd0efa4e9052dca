import { isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { defineApiFact } from "../../kernel/apifact.ts";
import { listAt, type Raw, textIn, zonePath } from "./place.ts";

/** One DNS record in canonical form. */
export interface DnsRecord {
  readonly type: string;
  readonly content: string;
  readonly proxied: boolean;
  /** Seconds; 1 is "automatic", which all proxied records have. */
  readonly ttl: number;
  readonly comment: string | null;
}

/** All records of one name, in the order of type and content. */
export interface DnsName {
  readonly records: readonly DnsRecord[];
}

/** A host name as DNS and the API write it: small letters, ASCII, no dot at the end. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase().replace(/\.$/, "");
  return /^[\x20-\x7e]*$/.test(lower) ? lower : domainToASCII(lower);
}

/** The same form for what is wanted and for what is there. */
export function canonicalRecord(record: Omit<DnsRecord, "comment"> & { readonly comment?: string | null }): DnsRecord {
  const { type, content, proxied, ttl, comment } = record;
  return { type, content: canonicalContent(type, content), proxied, ttl: proxied ? 1 : ttl, comment: comment ? comment : null };
}

function canonicalContent(type: string, content: string): string {
  if (type === "CNAME") return canonicalName(content);
  if (type === "AAAA" && isIPv6(content)) return new URL(`http://[${content}]`).hostname.slice(1, -1);
  return content;
}

export function inOrder(records: readonly DnsRecord[]): readonly DnsRecord[] {
  const key = (r: DnsRecord): string => `${r.type} ${r.content}`;
  return [...records].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** `cloudflareDns({ zone, name })`: all names of a zone are one list. */
export const cloudflareDns = defineApiFact<{ readonly zone: string; readonly name: string }, DnsName>({
  kind: "cloudflare_dns",
  summary: "The DNS records of one name in a zone at Cloudflare.",
  api: ["cloudflare"],
  object: ({ zone, name }) => `${zone} ${name}`,
  absent: ({ records }) => records.length === 0,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone, name }): Promise<DnsName> => {
        const all = await listAt(client, `${zonePath(zone)}/dns_records`);
        return { records: inOrder(all.filter((r) => canonicalName(String(r.name)) === name).map(recordOf)) };
      }),
    ),
});

/** A record as the API gives it, in canonical form. */
export function recordOf(raw: Raw): DnsRecord {
  return canonicalRecord({
    type: String(raw.type),
    content: textIn(raw, "content") ?? "",
    proxied: raw.proxied === true,
    ttl: Number(raw.ttl ?? 1),
    comment: textIn(raw, "comment"),
  });
}
