import { z } from "zod";
import { type Condition, canonicalConditions } from "../../facts/cloudflare/access-rules.ts";

const emails = z.array(z.email("an e-mail address is wanted"));
const words = z.array(z.string().min(1));

/** Who fits: the conditions of one part of a group or policy. */
export const conditionFields = z.strictObject({
  emails: emails.optional().describe("E-mail addresses."),
  email_domains: words.optional().describe("What stands behind the @ of an address."),
  countries: z
    .array(z.string().regex(/^[A-Za-z]{2}$/, "a country is written FR"))
    .optional()
    .describe("Countries that a visitor comes from."),
  ips: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .optional()
    .describe("Addresses and ranges."),
  groups: words.optional().describe("Names of Access groups."),
  login_methods: words.optional().describe("Types of identity providers: `onetimepin`."),
  everyone: z.boolean().optional().describe("Everybody."),
});

type ConditionArgs = z.output<typeof conditionFields>;

/** The conditions in the form in which facts have them. */
export function conditionsOf(given: ConditionArgs | undefined): readonly Condition[] {
  if (!given) return [];
  return canonicalConditions([
    ...(given.emails ?? []).map((email) => ({ email: { email } })),
    ...(given.email_domains ?? []).map((domain) => ({ email_domain: { domain } })),
    ...(given.countries ?? []).map((code) => ({ geo: { country_code: code } })),
    ...(given.ips ?? []).map((ip) => ({ ip: { ip } })),
    ...(given.groups ?? []).map((name) => ({ group: { name } })),
    ...(given.login_methods ?? []).map((type) => ({ login_method: { type } })),
    ...(given.everyone ? [{ everyone: {} }] : []),
  ]);
}

/** For a person: `france (group), a@example.org`. */
export function inWords(conditions: readonly Condition[]): string | undefined {
  const words = conditions.map((c) => {
    const [kind = "", inner = {}] = Object.entries(c)[0] ?? [];
    const value = Object.values(inner)[0];
    return kind === "email" || kind === "ip" ? (value ?? "") : value === undefined ? kind : `${value} (${kind.replace("_", " ")})`;
  });
  return words.length === 0 ? undefined : words.join(", ");
}
