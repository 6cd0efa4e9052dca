import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiDocument, documented } from "./document.ts";
import { type Json, Refused, type Reply } from "./reply.ts";
import { accessRoutes } from "./routes/access.ts";
import { dnsRoutes } from "./routes/dns.ts";
import { gatewayRoutes } from "./routes/gateway.ts";
import type { Routes } from "./routes/routes.ts";
import { rulesetRoutes } from "./routes/rulesets.ts";
import { settingRoutes } from "./routes/settings.ts";
import { tlsRoutes } from "./routes/tls.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { zoneRoutes } from "./routes/zones.ts";
import { type Account, newAccount, newZone, type Plan, type Zone } from "./state.ts";
import { performs, spoil, type Trouble } from "./trouble.ts";

const routes: Routes = {
  ...tokenRoutes,
  ...zoneRoutes,
  ...dnsRoutes,
  ...settingRoutes,
  ...tlsRoutes,
  ...rulesetRoutes,
  ...accessRoutes,
  ...gatewayRoutes,
};

interface Compiled {
  readonly template: string;
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** A literal segment is tried before a parameter. */
const table: readonly Compiled[] = Object.keys(routes)
  .map((key) => {
    const [method = "", template = ""] = key.split(" ");
    const names = [...template.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? "");
    return { template, method, names, pattern: new RegExp(`^${template.replace(/\{\w+\}/g, "([^/]+)")}$`) };
  })
  .sort((a, b) => a.names.length - b.names.length);

/** Read and compiled once for all emulators of a process. */
const description = documented ? new ApiDocument() : undefined;

/** A request as it was received. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: Json;
  /** Whether it was meant to change what is stored. */
  readonly wrote: boolean;
}

export interface EmulatorOptions {
  readonly zone?: string;
  readonly plan?: Plan;
  readonly token?: string;
  /** Paths that the token has no permission for. */
  readonly forbidden?: (method: string, path: string) => boolean;
}

/** Cloudflare's API on this machine: it keeps what is written, and holds every request and answer to the API's description. */
export class CloudflareEmulator {
  readonly account: Account;
  readonly zone: Zone;
  readonly token: string;
  /** A second token, which reaches the DNS records of the zone and nothing else. */
  readonly dnsToken = "emulator-dns-token-zyxwvutsrqponmlkjihgfedcba";
  readonly seen: Seen[] = [];
  /** Answers of the emulator itself that its document does not allow: a bug in it. A test looks that there are none. */
  readonly faults: string[] = [];
  readonly troubles: Trouble[] = [];
  forbidden: (method: string, path: string) => boolean;
  /** So many items are left out of every page but the first, as when a list changes while it is read. */
  shorten = 0;
  readonly #server: Server;

  private constructor(options: EmulatorOptions) {
    this.account = newAccount(options.plan ?? "free");
    this.zone = newZone(options.zone ?? "example.org", options.plan ?? "free", "active");
    this.account.zones.set(this.zone.id, this.zone);
    this.token = options.token ?? "emulator-token-0123456789abcdefghijklmnop";
    this.forbidden = options.forbidden ?? (() => false);
    this.#server = createServer(this.receive);
  }

  static async start(options: EmulatorOptions = {}, address = "127.0.0.1"): Promise<CloudflareEmulator> {
    const emulator = CloudflareEmulator.silent(options);
    await new Promise<void>((resolve) => emulator.#server.listen(0, address, resolve));
    return emulator;
  }

  /** One that listens nowhere: requests come by `receive`. */
  static silent(options: EmulatorOptions = {}): CloudflareEmulator {
    if (!documented) console.warn("NOT HELD TO THE API'S DESCRIPTION: ../shared/cloudflare/openapi.json is missing");
    return new CloudflareEmulator(options);
  }

  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${port}/client/v4`;
  }

  /** The requests that were meant to change something. */
  get writes(): readonly Seen[] {
    return this.seen.filter((s) => s.wrote);
  }

  forgetSeen(): void {
    this.seen.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  readonly receive = (request: IncomingMessage, response: ServerResponse): void => {
    this.#received(request, response).catch((error) => {
      this.faults.push(String(error instanceof Error ? error.stack : error));
      response.destroy();
    });
  };

  async #received(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", "http://emulator");
    const path = url.pathname.replace(/^\/client\/v4/, "");
    const method = request.method ?? "GET";
    const writes = isWrite(method, url.searchParams);
    const trouble = this.troubles.find((t) => t.times > 0 && t.fits({ method, path, writes }));
    if (trouble) trouble.times -= 1;
    if (trouble && !performs(trouble.how)) return spoil(trouble.how, response, "");
    const { status, text } = this.#answer(method, path, url.searchParams, Buffer.concat(chunks).toString(), request.headers.authorization);
    if (trouble) return spoil(trouble.how, response, text);
    response.writeHead(status, { "content-type": "application/json", "cf-ray": "0123456789abcdef-CDG" }).end(text);
  }

  #answer(method: string, path: string, query: URLSearchParams, text: string, authorization: string | undefined) {
    const found = table.find((r) => r.method === method && r.pattern.test(path));
    const reply = this.#reply(found, method, path, query, text, authorization);
    if (!(reply instanceof Refused) && (reply.info?.page ?? 1) > 1) (reply.result as Json[]).splice(0, this.shorten);
    const failed = reply instanceof Refused;
    const envelope = failed
      ? { success: false, errors: [{ code: reply.code, message: reply.message }], messages: [], result: null }
      : { success: true, errors: [], messages: [], result: reply.result, ...(reply.info && { result_info: reply.info }) };
    const untyped = found?.template === "/zones/{zone_id}/settings/{setting_id}" && path.endsWith("/ssl_automatic_mode");
    const wrong =
      found && !untyped && query.get("dry_run") !== "true" && description?.answer(method, found.template, reply.status, envelope);
    if (wrong) this.faults.push(`${method} ${path} answered ${reply.status}: ${wrong}`);
    return { status: reply.status, text: JSON.stringify(envelope) };
  }

  #reply(
    found: Compiled | undefined,
    method: string,
    path: string,
    query: URLSearchParams,
    text: string,
    authorization: string | undefined,
  ): Reply | Refused {
    const body = text === "" ? undefined : (JSON.parse(text) as Json);
    this.seen.push({ method, path, query: query.toString(), body, wrote: isWrite(method, query) });
    try {
      const limited = authorization === `Bearer ${this.dnsToken}`;
      if (!limited && authorization !== `Bearer ${this.token}`) throw new Refused(401, 10000, "Authentication error");
      if (limited && !path.startsWith(`/zones/${this.zone.id}/dns_records`)) throw new Refused(403, 10000, "Authentication error");
      if (!found) throw new Refused(404, 7000, `No route for ${method} ${path}: the emulator does not know it`);
      if (this.forbidden(method, path)) throw new Refused(403, 10000, "Authentication error");
      const wrong = description?.request(method, found.template, query, body);
      if (wrong) throw new Refused(400, 9207, `Request body is invalid: ${wrong}`);
      const values = found.pattern.exec(path)?.slice(1).map(decodeURIComponent) ?? [];
      const params = Object.fromEntries(found.names.map((n, i) => [n, values[i] ?? ""]));
      if (params.account_id !== undefined && params.account_id !== this.account.id)
        throw new Refused(403, 9109, "Unauthorized to access requested resource");
      const handler = routes[`${found.method} ${found.template}`] as Routes[string];
      return handler({ method, params, query, body }, this.account);
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
  }
}

/** Whether a request is meant to change something: a trial is not. */
function isWrite(method: string, query: URLSearchParams): boolean {
  return method !== "GET" && query.get("dry_run") !== "true";
}
