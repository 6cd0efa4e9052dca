import { ApiError } from "../../kernel/apiclient.ts";
import { Secret } from "../../kernel/value.ts";

type Get = (path: string) => Promise<unknown>;

/**
 * Objects are named by what they look like, because Cloudflare alone gives identifiers: `/zones/{name=example.org}/dns_records/{type=A&name=www.example.org}`.
 * The part before the braces is the list that is looked through; `/accounts/{zone=example.org}` is the account of a zone. In a body, `{ "$id": PATH }`
 * stands for the identifier at the end of such a path. Throws ApiError unless exactly one object fits.
 */
export async function resolvePath(path: string, get: Get): Promise<string> {
  const [at = "", query] = path.split("?");
  let done = "";
  for (const segment of at.split("/").slice(1)) done += `/${segment.startsWith("{") ? await idOf(done, segment, get) : segment}`;
  return query === undefined ? done : `${done}?${query}`;
}

/** The body with every `{ "$id": PATH }` replaced by the identifier. */
export async function resolveBody(body: unknown, get: Get): Promise<unknown> {
  if (Array.isArray(body)) return Promise.all(body.map((item) => resolveBody(item, get)));
  if (typeof body !== "object" || body === null || body instanceof Secret) return body;
  if ("$id" in body && typeof body.$id === "string") return (await resolvePath(body.$id, get)).split("/").at(-1);
  const entries = await Promise.all(Object.entries(body).map(async ([name, value]) => [name, await resolveBody(value, get)] as const));
  return Object.fromEntries(entries);
}

async function idOf(list: string, segment: string, get: Get): Promise<string> {
  const wanted = new URLSearchParams(segment.slice(1, -1));
  const zone = list === "/accounts" ? wanted.get("zone") : null;
  if (zone !== null) return String((await one("/zones", new URLSearchParams({ name: zone }), get)).account?.id);
  return String((await one(list, wanted, get)).id);
}

interface Found {
  readonly id?: unknown;
  readonly account?: { readonly id?: unknown };
  readonly [field: string]: unknown;
}

async function one(list: string, wanted: URLSearchParams, get: Get): Promise<Found> {
  const items = await itemsOf(list, wanted, get);
  const fitting = items.filter((item) => [...wanted].every(([field, value]) => item[field] === value));
  const [first, second] = fitting;
  if (first && !second) return first;
  const what = [...wanted].map(([field, value]) => `${field} ${value}`).join(", ");
  const where = list.replace(/\/[0-9a-f-]{32,36}/g, "/…");
  if (!first)
    throw new ApiError(
      list === "/zones"
        ? `there is no zone ${wanted.get("name")} that this token can see: add the zone, or give the token "Zone Read" for it`
        : `there is nothing at ${where} with ${what}`,
      404,
    );
  throw new ApiError(`${fitting.length} objects at ${where} have ${what}: ${fitting.map((f) => f.id).join(", ")}. Remove all but one`);
}

async function itemsOf(list: string, wanted: URLSearchParams, get: Get): Promise<readonly Found[]> {
  if (list === "/zones") return (await get(`/zones?name=${wanted.get("name") ?? ""}`)) as readonly Found[];
  // Rules have no list of their own: they stand in their ruleset.
  if (list.endsWith("/entrypoint/rules"))
    return ((await get(list.replace(/\/rules$/, ""))) as { readonly rules?: readonly Found[] }).rules ?? [];
  return (await get(list)) as readonly Found[];
}
