import { type Asked, type Json, ok, page, Refused } from "../reply.ts";
import { hexId, now, type Zone } from "../state.ts";
import type { Routes } from "./routes.ts";
import { zoneOf } from "./zones.ts";

/** Full names in small letters; `@` and names without the zone are filled up. */
function fullName(name: string, zone: Zone): string {
  const lower = name.toLowerCase().replace(/\.$/, "");
  if (lower === "@" || lower === zone.name) return zone.name;
  return lower.endsWith(`.${zone.name}`) ? lower : `${lower}.${zone.name}`;
}

function normal(body: Json, zone: Zone): Json {
  const proxied = body.proxied ?? false;
  const content = body.type === "CNAME" ? String(body.content).toLowerCase().replace(/\.$/, "") : body.content;
  return {
    name: fullName(body.name, zone),
    type: body.type,
    content,
    proxiable: ["A", "AAAA", "CNAME"].includes(body.type),
    proxied,
    ttl: proxied ? 1 : body.ttl,
    settings: body.settings ?? {},
    meta: {},
    comment: body.comment === undefined || body.comment === "" ? null : body.comment,
    tags: ((body.tags ?? []) as string[]).toSorted(),
    ...(body.priority !== undefined && { priority: body.priority }),
  };
}

function refuseClash(record: Json, zone: Zone, except?: string): void {
  if (record.proxied && !record.proxiable) throw new Refused(400, 9004, "This record type cannot be proxied.");
  if ((record.tags as string[]).length > 0 && zone.plan === "free")
    throw new Refused(400, 9301, "DNS record tags are not available on this plan.");
  for (const [id, other] of zone.records) {
    if (id === except || other.name !== record.name) continue;
    if (other.type === record.type && other.content === record.content)
      throw new Refused(400, 81058, "An identical record already exists.");
    if (other.type === "CNAME" && record.type === "CNAME") throw new Refused(400, 81053, "A CNAME record with that host already exists.");
    const hosts = ["A", "AAAA", "CNAME"];
    if (
      other.type !== record.type &&
      [other.type, record.type].includes("CNAME") &&
      hosts.includes(other.type) &&
      hosts.includes(record.type)
    )
      throw new Refused(400, 81053, "An A, AAAA, or CNAME record with that host already exists.");
  }
}

function recordOf(asked: Asked, zone: Zone): [string, Json] {
  const id = asked.params.dns_record_id ?? "";
  const record = zone.records.get(id);
  if (!record) throw new Refused(404, 81044, "Record does not exist.");
  return [id, record];
}

function shown(id: string, record: Json): Json {
  return { id, ...record };
}

export const dnsRoutes: Routes = {
  "GET /zones/{zone_id}/dns_records": (asked, account) => {
    const zone = zoneOf(asked, account);
    const wanted = (field: string) => asked.query.get(`${field}.exact`) ?? asked.query.get(field);
    const [name, type, content] = [wanted("name")?.toLowerCase(), asked.query.get("type"), wanted("content")];
    const found = [...zone.records].filter(
      ([, r]) =>
        (!name || r.name === name) && (!type || r.type === type) && (!content || r.content.toLowerCase() === content.toLowerCase()),
    );
    return page(
      found.map(([id, r]) => shown(id, r)),
      asked,
      100,
    );
  },
  "POST /zones/{zone_id}/dns_records": (asked, account) => {
    const zone = zoneOf(asked, account);
    const record = normal(asked.body, zone);
    refuseClash(record, zone);
    const id = hexId();
    zone.records.set(id, { ...record, created_on: now(), modified_on: now() });
    return ok(shown(id, zone.records.get(id)));
  },
  "PATCH /zones/{zone_id}/dns_records/{dns_record_id}": (asked, account) => {
    const zone = zoneOf(asked, account);
    const [id, old] = recordOf(asked, zone);
    const record = normal({ ...old, ...asked.body }, zone);
    refuseClash(record, zone, id);
    zone.records.set(id, { ...old, ...record, modified_on: now() });
    return ok(shown(id, zone.records.get(id)));
  },
  "PUT /zones/{zone_id}/dns_records/{dns_record_id}": (asked, account) => {
    const zone = zoneOf(asked, account);
    const [id, old] = recordOf(asked, zone);
    const record = normal(asked.body, zone);
    refuseClash(record, zone, id);
    zone.records.set(id, { ...record, created_on: old.created_on, modified_on: now() });
    return ok(shown(id, zone.records.get(id)));
  },
  "DELETE /zones/{zone_id}/dns_records/{dns_record_id}": (asked, account) => {
    const zone = zoneOf(asked, account);
    const [id] = recordOf(asked, zone);
    zone.records.delete(id);
    return ok({ id });
  },
};
