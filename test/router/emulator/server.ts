import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { serverCertificate } from "./certificates.ts";

/** One request as an emulator gets it. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An object goes out as JSON. */
  readonly body?: unknown;
  /** It was a write, and it was done. */
  readonly wrote?: true;
}

/** A small HTTPS server that behaves as one brand does, and counts what was written. */
export interface Emulator {
  readonly url: string;
  /** PEM of the root of its certificate. */
  readonly root: string;
  /** Writes that were done. */
  readonly writes: number;
  /** `METHOD path` of every request. */
  readonly requests: string[];
  /** The connection breaks at this write from now: before it is done, or after it, without an answer. */
  cut(write: number, when: "before" | "after"): void;
  stop(): Promise<void>;
}

async function emulator(answer: (asked: Asked) => Answered): Promise<Emulator> {
  const { root, cert, key } = serverCertificate();
  const requests: string[] = [];
  let writes = 0;
  let cut: { left: number; readonly when: "before" | "after" } | undefined;
  const server = createServer({ cert, key }, (request, response) => {
    void read(request).then((body) => {
      const url = new URL(request.url ?? "/", "https://emulator");
      const asked = { method: request.method ?? "", path: url.pathname, query: url.searchParams, headers: request.headers, body };
      requests.push(`${asked.method} ${asked.path}`);
      const changes = cut !== undefined && isWrite(asked) && --cut.left === 0 ? cut.when : undefined;
      if (changes) cut = undefined;
      if (changes === "before") return request.socket.destroy();
      const answered = answer(asked);
      if (answered.wrote) writes++;
      if (changes === "after") return request.socket.destroy();
      send(response, answered);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    root,
    requests,
    get writes() {
      return writes;
    },
    cut(write, when) {
      cut = { left: write, when };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Logins and reads in the dress of a POST are no writes. */
function isWrite({ method, path, body }: Asked): boolean {
  if (method === "GET" || /login|search|logout/.test(path)) return false;
  return !/"method":\s*"(get|createContext)/.test(body);
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function send(response: ServerResponse, { status, headers, body }: Answered): void {
  const json = typeof body === "object" && body !== null;
  response.writeHead(status, { ...(json && { "content-type": "application/json" }), ...headers });
  response.end(body === undefined ? "" : json ? JSON.stringify(body) : String(body));
}

/** Throws when the map has not exactly these fields; `?` in front: it may be missing. */
export function exactly(
  value: unknown,
  fields: Readonly<Record<string, (v: unknown) => boolean>>,
  what: string,
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Malformed(`${what} is no object`);
  const map = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(map))
    if (!(name in fields) && !(`?${name}` in fields)) throw new Malformed(`${what}: unknown field ${name}`);
  for (const [given, fits] of Object.entries(fields)) {
    const name = given.replace("?", "");
    if (map[name] === undefined && given.startsWith("?")) continue;
    if (map[name] === undefined) throw new Malformed(`${what}: ${name} is missing`);
    if (!fits(map[name])) throw new Malformed(`${what}: ${name} cannot be ${JSON.stringify(map[name])}`);
  }
  return map;
}

/** What the original refuses. */
export class Malformed extends Error {}

export const isText = (v: unknown): boolean => typeof v === "string";
export const isFlag = (v: unknown): boolean => typeof v === "boolean";
export const isPort = (v: unknown): boolean => typeof v === "number" && Number.isInteger(v) && v >= 1 && v <= 65535;
export const isIpv4 = (v: unknown): boolean => typeof v === "string" && /^\d{1,3}(\.\d{1,3}){3}$/.test(v);
export const isMac = (v: unknown): boolean => typeof v === "string" && /^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/.test(v);
export const oneOf =
  (...values: readonly unknown[]) =>
  (v: unknown): boolean =>
    values.includes(v);

/** A box that is emulated: what its brand answers, behind a server of its own. */
export abstract class EmulatedBox {
  #server: Emulator | undefined;

  async start(): Promise<this> {
    this.#server = await emulator((asked) => this.answer(asked));
    return this;
  }

  get server(): Emulator {
    if (!this.#server) throw new Error("not started");
    return this.#server;
  }

  protected abstract answer(asked: Asked): Answered;
}
