import { createServer, type Server } from "node:http";

/** Answers `GET /NAME?QUERY` with the value of that name as JSON, 404 where there is none: how tests look into the stand-in. Not a part of Cloudflare. */
export function makeControl(values: Readonly<Record<string, (query: URLSearchParams) => unknown>>): Server {
  return createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://control");
    const name = pathname.slice(1);
    const value = Object.hasOwn(values, name) ? values[name]?.(searchParams) : undefined;
    response.writeHead(value === undefined ? 404 : 200, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(value ?? { known: Object.keys(values) }));
  });
}
