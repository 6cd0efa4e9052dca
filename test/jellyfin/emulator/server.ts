import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Answer, type Asked, done, problem, schemeValues } from "./answer.ts";
import { administration } from "./calls.ts";
import { Log } from "./log.ts";
import { login } from "./login.ts";
import { SettingFiles } from "./settings.ts";
import { type Data, type Session, shownUser } from "./users.ts";
import { isLocal, visitorOf } from "./visitors.ts";
import { wizard } from "./wizard.ts";

export interface EmulatorOptions {
  /** Folder that the server keeps everything in: /config. */
  readonly config: string;
  /** Milliseconds in which it answers as a server that is starting. */
  readonly starting?: number;
  /** Which release it plays: one before 10.11 has no backups, and none reads the data of a newer one. */
  readonly version?: string;
  readonly say?: (line: string) => void;
}

/** A stand-in for Jellyfin's server: its first start, users, libraries and settings, as strict as 10.11. It plays nothing. */
export class JellyfinEmulator {
  readonly #options: EmulatorOptions;
  readonly #log: Log;
  readonly #file: string;
  #data: Data;
  #files: SettingFiles;
  /** Its data are of a newer release. */
  #lost = false;
  /** Read at the start only. */
  #proxies: readonly string[] = [];
  #readyAt = 0;
  #server: Server | undefined;

  constructor(options: EmulatorOptions) {
    this.#options = options;
    mkdirSync(join(options.config, "data"), { recursive: true });
    this.#log = new Log(options.config, options.say ?? (() => {}));
    this.#file = join(options.config, "data/emulator.json");
    this.#data = existsSync(this.#file)
      ? (JSON.parse(readFileSync(this.#file, "utf8")) as Data)
      : { version: this.#version, users: [], sessions: [], libraries: [] };
    this.#migrate();
    this.#files = new SettingFiles(options.config);
    this.#start();
  }

  /** The port. */
  async listen(port: number, address: string): Promise<number> {
    const server = createServer((request, response) => {
      void this.#read(request).then((asked) => {
        const answer = asked instanceof Error ? problem(400, asked.message) : this.answer(asked);
        const text = answer.body === undefined ? "" : answer.plain ? String(answer.body) : JSON.stringify(answer.body);
        const type = answer.plain ? "text/plain" : "application/json; charset=utf-8";
        response.writeHead(answer.status, { ...(text !== "" && { "content-type": type }), ...answer.headers }).end(text);
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => void server.listen(port, address, resolve));
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  answer(asked: Asked): Answer {
    const starting = Date.now() < this.#readyAt;
    if (asked.path === "/health" && this.#lost && !starting) return { status: 503, body: "Unhealthy", plain: true };
    if (asked.path === "/health") return { status: 200, body: starting ? "Degraded" : "Healthy", plain: true };
    if (starting || this.#lost)
      return asked.path === "/System/Info/Public"
        ? { status: 200, body: { ...this.#info(), StartupWizardCompleted: false } }
        : { ...problem(503, "The server is starting"), headers: { "retry-after": "5" } };
    const network = this.#files.of("network");
    const local = isLocal(asked.visitor, network);
    if (network.EnableRemoteAccess !== true && !local) return { status: 503 };
    const answer = this.#route(asked, local) ?? { status: 404 };
    writeFileSync(this.#file, JSON.stringify(this.#data), { mode: 0o600 });
    return answer;
  }

  #route(asked: Asked, local: boolean): Answer | undefined {
    const call = `${asked.method} ${asked.path}`;
    const system = this.#files.of("system");
    const legacy = system.EnableLegacyAuthorization === true;
    const session = this.#sessionOf(asked, legacy);
    const user = this.#data.users.find((u) => u.id === session?.user);
    if (call === "GET /System/Info/Public") return { status: 200, body: this.#info() };
    if (call === "POST /Users/AuthenticateByName") return login(asked, this.#data, this.#log, local, legacy);
    const elevated = session !== undefined && (session.user === undefined || user?.policy.IsAdministrator === true);
    const first = system.IsStartupWizardCompleted !== true;
    if (!first && !session) return { status: 401 };
    if (call === "POST /Sessions/Logout") {
      this.#data.sessions = this.#data.sessions.filter((s) => s !== session);
      return done;
    }
    if (user && (user.policy.IsDisabled === true || (user.policy.EnableRemoteAccess !== true && !local))) return { status: 403 };
    if (call === "GET /Users/Me") return user ? { status: 200, body: shownUser(user) } : { status: 400 };
    if (asked.path.startsWith("/Startup/")) return first || elevated ? wizard(asked, this.#data, this.#files) : { status: 403 };
    if (!elevated) return session ? { status: 403 } : { status: 401 };
    if (call === "GET /System/Info") return { status: 200, body: { ...this.#info(), HasPendingRestart: false } };
    if (call === "POST /System/Restart") {
      this.#files = new SettingFiles(this.#options.config);
      this.#start();
      return done;
    }
    return administration(asked, this.#data, this.#files, this.#options.config);
  }

  #start(): void {
    this.#readyAt = Date.now() + (this.#options.starting ?? 0);
    this.#proxies = this.#files.of("network").KnownProxies as readonly string[];
  }

  get #version(): string {
    return this.#options.version ?? "10.11.11";
  }

  /** The data of an older release become those of this one, when it starts and for good. */
  #migrate(): void {
    const own = this.#version;
    const has = this.#data.version;
    this.#lost = own.localeCompare(has, "en", { numeric: true }) < 0;
    if (this.#lost || own === has) return;
    this.#data = { ...this.#data, version: own };
    writeFileSync(this.#file, JSON.stringify(this.#data), { mode: 0o600 });
  }

  #info(): Readonly<Record<string, unknown>> {
    const { ServerName, IsStartupWizardCompleted } = this.#files.of("system");
    return { ServerName, Version: this.#version, ProductName: "Jellyfin Server", StartupWizardCompleted: IsStartupWizardCompleted };
  }

  #sessionOf(asked: Asked, legacy: boolean): Session | undefined {
    const modern = schemeValues(asked.headers.authorization, legacy ? ["MediaBrowser", "Emby"] : ["MediaBrowser"]).Token;
    const old = legacy ? (asked.headers["x-emby-token"] ?? asked.headers["x-mediabrowser-token"] ?? asked.query.get("api_key")) : undefined;
    const token = modern ?? old;
    return this.#data.sessions.find((s) => s.token === token);
  }

  async #read(request: IncomingMessage): Promise<Asked | Error> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const url = new URL(request.url ?? "/", "http://localhost");
    const forwarded = request.headers["x-forwarded-for"];
    const visitor = visitorOf(
      request.socket.remoteAddress ?? "",
      Array.isArray(forwarded) ? forwarded.join(",") : forwarded,
      this.#proxies,
    );
    if (text !== "" && !/^application\/json\b/.test(request.headers["content-type"] ?? ""))
      return new Error("a body must be application/json");
    try {
      const body: unknown = text === "" ? undefined : JSON.parse(text);
      return {
        method: request.method ?? "GET",
        path: decodeURI(url.pathname),
        query: url.searchParams,
        headers: request.headers,
        body,
        visitor,
      };
    } catch {
      return new Error("The JSON value could not be converted.");
    }
  }
}
