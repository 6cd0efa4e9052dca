import { ApiError } from "../../kernel/apiclient.ts";

/** An answer in Cloudflare's envelope. */
export interface Envelope {
  readonly success: boolean;
  readonly errors?: readonly { readonly code?: number; readonly message?: string }[];
  readonly result?: unknown;
  readonly result_info?: { readonly total_count?: number; readonly cursors?: { readonly after?: string } } | null;
}

/** Lists that come in pages, and the size that is asked for. */
const paged: readonly (readonly [RegExp, number])[] = [
  [/^\/(zones|accounts|certificates)$/, 50],
  [/^\/zones\/[^/]+\/dns_records$/, 100],
  [/^\/accounts\/[^/]+\/members$/, 50],
  [/^\/accounts\/[^/]+\/access\/(groups|policies|apps|identity_providers)$/, 50],
];

/** No list of ours is longer; a server that ignores the number of the page would keep us for ever. */
const mostPages = 400;

/** The result of a reading request, a list to its end. Throws ApiError on a list that cannot be read whole: half a list must never be planned on. */
export async function wholeResult(path: string, read: (path: string) => Promise<Envelope>): Promise<unknown> {
  const size = paged.find(([pattern]) => pattern.test(path.split("?")[0] ?? ""))?.[1];
  const first = await read(size === undefined ? path : withQuery(path, { per_page: size }));
  if (!Array.isArray(first.result)) return first.result;
  const items: unknown[] = [...first.result];
  let last = first;
  for (let page = 2; !complete(items, last, size); page += 1) {
    const cursor = last.result_info?.cursors?.after;
    last = await read(withQuery(path, cursor ? { cursor } : { per_page: size ?? 50, page }));
    const more = Array.isArray(last.result) ? last.result : [];
    if (page > mostPages || (more.length > 0 && more.every((item) => known(items, item)))) throw incomplete(path, items.length);
    items.push(...more);
    if (more.length === 0) break;
  }
  const total = last.result_info?.total_count;
  if (size !== undefined && total !== undefined && items.length < total) throw incomplete(path, items.length, total);
  return items;
}

function complete(items: readonly unknown[], last: Envelope, size: number | undefined): boolean {
  if (last.result_info?.cursors?.after) return false;
  if (size === undefined) return true;
  const total = last.result_info?.total_count;
  return total === undefined ? ((last.result as readonly unknown[] | null)?.length ?? 0) < size : items.length >= total;
}

function known(items: readonly unknown[], item: unknown): boolean {
  const id = (item as { id?: unknown } | null)?.id;
  return id !== undefined && items.some((other) => (other as { id?: unknown } | null)?.id === id);
}

function incomplete(path: string, got: number, total?: number): ApiError {
  return new ApiError(`the list ${path} could not be read whole: ${got}${total === undefined ? "" : ` of ${total}`} came. Run again`);
}

function withQuery(path: string, values: Readonly<Record<string, string | number>>): string {
  const [at = "", query] = path.split("?");
  const all = new URLSearchParams(query);
  for (const [name, value] of Object.entries(values)) all.set(name, String(value));
  return `${at}?${all}`;
}
