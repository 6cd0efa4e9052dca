import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Answer, page } from "./answer.ts";
import { decide, type Layers, type Through } from "./chain.ts";
import { NotKnown } from "./not-known.ts";
import type { Passed } from "./options.ts";
import { askOrigin, type OriginOptions, originFault, passedHeaders } from "./origin.ts";
import { plainAddress } from "./ranges.ts";
import { setting, settingHeaders } from "./settings.ts";
import { nextRay, type Visit, visitOf } from "./visit.ts";

export interface FrontOptions extends Layers, OriginOptions {
  readonly countryOf: (ip: string) => string;
  readonly clock: () => number;
  /** Takes lines for the log. */
  readonly say: (line: string) => void;
}

/** Receives visitors' requests, and keeps what became of them. */
export class Front {
  readonly requests: Passed[] = [];
  readonly unknown = new Set<string>();
  readonly #options: FrontOptions;

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /** One request, over HTTPS where `ssl`. */
  async receive(request: IncomingMessage, response: ServerResponse, ssl: boolean): Promise<void> {
    const visit = visitOf(request, ssl, this.#options.countryOf);
    const decided = await this.#decided(visit);
    if ("through" in decided) this.#pass(visit, decided, response);
    else this.#answer(visit, decided, response);
  }

  /** A request that wants another protocol, such as websocket: passed on as it is once the layers let it through. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const visit = visitOf(request, true, this.#options.countryOf);
    const refuse = (answer: Answer): void => {
      this.#log(visit, answer.status, answer.by);
      socket.end(`HTTP/1.1 ${answer.status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    };
    socket.on("error", () => socket.destroy());
    const decided = await this.#decided(visit);
    if (!("through" in decided)) return refuse(decided);
    if (setting(this.#options.zone, "websockets") !== "on") return refuse(page(400, "websockets are off", "Bad request"));
    const asked = this.#ask(visit, decided);
    if ("by" in asked) return refuse(asked);
    asked.on("error", (error) => refuse(fault(error)));
    asked.on("response", (answer) => refuse(page(answer.statusCode ?? 502, "origin", "")));
    asked.on("upgrade", (answer, upstream, rest) => {
      this.#log(visit, 101, "origin");
      const lines = answer.rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${answer.rawHeaders[i + 1]}`] : []));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
      socket.write(rest);
      upstream.write(head);
      for (const [from, to] of [
        [socket, upstream],
        [upstream, socket],
      ] as const)
        from.on("error", () => to.destroy()).pipe(to);
    });
    asked.end();
  }

  /** What is not HTTP at all. */
  malformed(socket: Duplex, ssl: boolean, code: string | undefined): void {
    if (!code?.startsWith("HPE_")) return void socket.destroy();
    const ip = plainAddress((socket as Socket).remoteAddress);
    const [country, at] = [this.#options.countryOf(ip), new Date(this.#options.clock()).toISOString()];
    const status = code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
    const scheme = ssl ? "https" : "http";
    this.requests.push({ at, ip, country, method: "", scheme, host: "", path: "", status, by: "malformed request" });
    const lines = [
      `HTTP/1.1 ${status} Bad Request`,
      "server: cloudflare",
      `cf-ray: ${nextRay()}`,
      "connection: close",
      "content-length: 0",
    ];
    if (socket.writable) socket.end(`${lines.join("\r\n")}\r\n\r\n`);
    else socket.destroy();
  }

  async #decided(visit: Visit): Promise<Answer | Through> {
    try {
      return await decide(visit, this.#options);
    } catch (error) {
      return this.#notKnown(error);
    }
  }

  /** Never silently: the visitor is told, and so is the log. Another error is a bug of the stand-in, told in the same way. */
  #notKnown(error: unknown): Answer {
    const what = error instanceof NotKnown ? error.message : `a bug: ${error instanceof Error ? error.stack : String(error)}`;
    this.refuse(what);
    return {
      status: 501,
      by: "unknown",
      body: `the stand-in for the edge does not know ${what}\n`,
      headers: { "content-type": "text/plain" },
    };
  }

  refuse(what: string): void {
    if (!this.unknown.has(what)) this.#options.say(`not known: ${what}`);
    this.unknown.add(what);
  }

  #ask(visit: Visit, { headers }: Through): ClientRequest | Answer {
    try {
      return askOrigin(visit, headers, this.#options);
    } catch (error) {
      return this.#notKnown(error);
    }
  }

  #pass(visit: Visit, through: Through, response: ServerResponse): void {
    const asked = this.#ask(visit, through);
    if ("by" in asked) return this.#answer(visit, asked, response);
    asked.on("timeout", () => asked.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    asked.on("error", (error) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else this.#answer(visit, fault(error), response);
    });
    asked.on("response", (answer) => {
      const cache = { "cf-cache-status": through.bypassesCache ? "BYPASS" : "DYNAMIC" };
      this.#log(visit, answer.statusCode ?? 0, "origin");
      response.writeHead(answer.statusCode ?? 502, { ...passedHeaders(answer), ...cache, ...this.#headers(visit) });
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    response.on("close", () => asked.destroy());
    visit.request.pipe(asked);
  }

  #answer(visit: Visit, { status, headers, body, by }: Answer, response: ServerResponse): void {
    this.#log(visit, status, by);
    response.writeHead(status, { ...headers, ...this.#headers(visit) });
    response.end(visit.fields.method === "HEAD" ? undefined : body);
  }

  #headers({ ray, fields }: Visit): Readonly<Record<string, string>> {
    return { server: "cloudflare", "cf-ray": ray, ...(fields.ssl && settingHeaders(this.#options.zone)) };
  }

  #log({ fields, target }: Visit, status: number, by: string): void {
    const { method, host, ip, country } = fields;
    const scheme = fields.ssl ? "https" : "http";
    this.requests.push({ at: new Date(this.#options.clock()).toISOString(), ip, country, method, scheme, host, path: target, status, by });
  }
}

function fault(error: Error): Answer {
  const { status, why } = originFault(error);
  return page(status, `origin fault: ${error.message}`, why);
}
