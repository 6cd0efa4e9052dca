import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Fields } from "./expression/fields.ts";
import { normalPath } from "./normal-path.ts";
import { plainAddress } from "./ranges.ts";

/** One request of a visitor. */
export interface Visit {
  readonly fields: Fields;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Identifier that Cloudflare gives every request. */
  readonly ray: string;
  readonly request: IncomingMessage;
  /** What was sent, of forms: 64 KiB at most. */
  body(): Promise<string>;
}

let count = 0;

export function nextRay(): string {
  return `${(++count).toString(16).padStart(16, "0")}-TST`;
}

export function visitOf(request: IncomingMessage, ssl: boolean, countryOf: (ip: string) => string): Visit {
  const target = request.url ?? "/";
  const at = target.indexOf("?");
  const rawPath = at < 0 ? target : target.slice(0, at);
  const ip = plainAddress(request.socket.remoteAddress);
  const fields: Fields = {
    host: (request.headers.host ?? "").toLowerCase().replace(/:\d+$/, ""),
    path: normalPath(rawPath),
    rawPath,
    query: at < 0 ? "" : target.slice(at + 1),
    method: request.method ?? "GET",
    userAgent: request.headers["user-agent"] ?? "",
    referer: request.headers.referer ?? "",
    ip,
    country: countryOf(ip),
    ssl,
  };
  return { fields, target, headers: request.headers, ray: nextRay(), request, body: () => bodyOf(request) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 65_536) throw new Error("a form of more than 64 KiB");
  }
  return text;
}

export function cookiesOf(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return Object.fromEntries(pairs.map(([name = "", ...value]) => [name, value.join("=")]));
}
