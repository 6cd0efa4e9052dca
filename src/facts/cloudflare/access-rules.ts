import type { ApiClient } from "../../kernel/apiclient.ts";
import { accountPath, listAt, pathOf, type Raw } from "./place.ts";

/** Who fits: one condition of an Access rule, by names instead of identifiers. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Conditions in canonical form: e-mails in small letters, countries in capitals, each once, in order. */
export function canonicalConditions(conditions: readonly Condition[]): readonly Condition[] {
  const texts = conditions.map((c) => JSON.stringify(canonicalCondition(c)));
  return [...new Set(texts)].sort().map((text) => JSON.parse(text) as Condition);
}

function canonicalCondition(condition: Condition): Condition {
  const { email, email_domain: domain, geo, ip } = condition;
  if (email) return { email: { email: (email.email ?? "").toLowerCase() } };
  if (domain) return { email_domain: { domain: (domain.domain ?? "").toLowerCase() } };
  if (geo) return { geo: { country_code: (geo.country_code ?? "").toUpperCase() } };
  // One address comes back with the length of its prefix.
  if (ip) return { ip: { ip: (ip.ip ?? "").replace(/\/(32|128)$/, "") } };
  return condition;
}

/** Conditions as the API has them, with the names of groups and identity providers in the place of identifiers. */
export async function namedConditions(client: ApiClient, zone: string, raw: unknown): Promise<readonly Condition[]> {
  const list = (raw ?? []) as readonly Condition[];
  const groups = list.some((c) => c.group) ? await listAt(client, `${accountPath(zone)}/access/groups`) : [];
  const providers = list.some((c) => c.login_method) ? await listAt(client, `${accountPath(zone)}/access/identity_providers`) : [];
  return canonicalConditions(
    list.map((c) => {
      if (c.group) return { group: { name: nameIn(groups, c.group.id, "name") } };
      if (c.login_method) return { login_method: { type: nameIn(providers, c.login_method.id, "type") } };
      return c;
    }),
  );
}

/** The name of an object of a list by its identifier; the identifier itself where it is not in the list. */
export function nameIn(list: readonly Raw[], id: unknown, field: string): string {
  return String(list.find((o) => o.id === id)?.[field] ?? id);
}

/** Conditions as they are sent: names become references that the client resolves. */
export function sentConditions(zone: string, conditions: readonly Condition[]): readonly unknown[] {
  const access = `${accountPath(zone)}/access`;
  return conditions.map((c) => {
    if (c.group) return { group: { id: { $id: pathOf(`${access}/groups`, { name: c.group.name ?? "" }) } } };
    if (c.login_method)
      return { login_method: { id: { $id: pathOf(`${access}/identity_providers`, { type: c.login_method.type ?? "" }) } } };
    return c;
  });
}
