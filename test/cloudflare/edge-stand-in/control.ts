import { createServer, type Server } from "node:http";

/** Answers `GET /NAME` with the value of that name as JSON: how tests look into the stand-in. Not a part of Cloudflare. */
export function makeControl(values: Readonly<Record<string, () => unknown>>): Server {
  return createServer((request, response) => {
    const name = (request.url ?? "/").slice(1);
    const value = Object.hasOwn(values, name) ? values[name]?.() : undefined;
    response.writeHead(value === undefined ? 404 : 200, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(value ?? { known: Object.keys(values) }));
  });
}
