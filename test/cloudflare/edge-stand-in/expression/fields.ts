import { NotKnown } from "../not-known.ts";

/** What expressions may look at of one request. */
export interface Fields {
  /** In small letters, without a port. */
  readonly host: string;
  /** As normalised, without the query. */
  readonly path: string;
  readonly rawPath: string;
  readonly query: string;
  readonly method: string;
  readonly userAgent: string;
  readonly referer: string;
  /** Address of the peer. */
  readonly ip: string;
  readonly country: string;
  readonly ssl: boolean;
}

export type Test = (fields: Fields) => boolean;

/** A typed part of an expression. */
export interface Value {
  readonly type: "text" | "address" | "yes or no";
  readonly of: (fields: Fields) => string | boolean;
}

const text = (of: (fields: Fields) => string): Value => ({ type: "text", of });

const fields: Readonly<Record<string, Value>> = {
  "http.host": text((f) => f.host),
  "http.request.method": text((f) => f.method),
  "http.request.uri": text((f) => (f.query === "" ? f.path : `${f.path}?${f.query}`)),
  "http.request.uri.path": text((f) => f.path),
  "http.request.uri.path.extension": text((f) => /\.([^./]+)$/.exec(f.path)?.[1]?.toLowerCase() ?? ""),
  "http.request.uri.query": text((f) => f.query),
  "raw.http.request.uri.path": text((f) => f.rawPath),
  "http.user_agent": text((f) => f.userAgent),
  "http.referer": text((f) => f.referer),
  "ip.src": { type: "address", of: (f) => f.ip },
  "ip.src.country": text((f) => f.country),
  "ip.geoip.country": text((f) => f.country),
  ssl: { type: "yes or no", of: (f) => f.ssl },
};

export function field(name: string): Value {
  const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!found) throw new NotKnown(`the field ${name}`);
  return found;
}

type Call = (...given: readonly Value[]) => Value;

const changed =
  (how: (s: string) => string): Call =>
  (given) =>
    text((f) => how(String(given?.of(f))));
const tested =
  (how: (s: string, part: string) => boolean): Call =>
  (given, part) => ({ type: "yes or no", of: (f) => how(String(given?.of(f)), String(part?.of(f))) });

const functions: Readonly<Record<string, { readonly takes: number; readonly call: Call }>> = {
  lower: { takes: 1, call: changed((s) => s.toLowerCase()) },
  upper: { takes: 1, call: changed((s) => s.toUpperCase()) },
  starts_with: { takes: 2, call: tested((s, part) => s.startsWith(part)) },
  ends_with: { takes: 2, call: tested((s, part) => s.endsWith(part)) },
};

export function call(name: string, given: readonly Value[]): Value {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!found) throw new NotKnown(`the function ${name}`);
  if (given.length !== found.takes || given.some((g) => g.type !== "text"))
    throw new NotKnown(`${name} with other than ${found.takes} texts`);
  return found.call(...given);
}
