import type { Server } from "node:https";
import { expect } from "vitest";
import { edge as playEdge } from "../edge.ts";
import type { CloudflareEmulator } from "../emulator/emulator.ts";
import { type Asking, type Got, originPair, startOnLoopback, startOrigin, visit } from "./clients.ts";
import type { Passed } from "./options.ts";
import type { EdgeProcess } from "./process.ts";

/** Visitors' addresses, by their country. */
export const france = "127.0.0.1";
export const japan = "127.0.0.2";

/** What somebody who asked for a code has. */
interface Sent {
  readonly page: Got;
  readonly nonce: string;
  /** undefined when no e-mail went out. */
  readonly code: string | undefined;
}

/** The stand-in on loopback after a run of the role, with a server behind it whose certificate came by the API. */
export class Stage {
  readonly edge: EdgeProcess;
  readonly origin: Server;
  readonly originPort: number;
  readonly #url: string;
  readonly #time: { now: number };
  readonly #stop: () => Promise<void>;

  private constructor(running: Awaited<ReturnType<typeof startOnLoopback>>, origin: Server, port: number, time: { now: number }) {
    this.edge = running.edge;
    this.origin = origin;
    this.originPort = port;
    this.#url = running.url;
    this.#time = time;
    this.#stop = () => running.stop();
  }

  static async start(): Promise<Stage> {
    const time = { now: Date.UTC(2026, 10, 21, 12) };
    const { server, port } = await startOrigin();
    const running = await startOnLoopback({ originPort: port, clock: () => time.now });
    const stage = new Stage(running, server, port, time);
    await stage.certify(["example.org", "*.example.org"]);
    await stage.play();
    return stage;
  }

  get emulator(): CloudflareEmulator {
    return this.edge.emulator;
  }

  /** The last request that is over. */
  get last(): Passed | undefined {
    return this.edge.front.requests.at(-1);
  }

  pass(seconds: number): void {
    this.#time.now += seconds * 1000;
  }

  async play(more: object = {}): Promise<void> {
    const { token, seen } = this.emulator;
    expect((await playEdge({ url: this.#url, token, seen }, { ipv4: "127.0.0.1", ...more })).trouble).toBe("");
  }

  /** Gives the server behind the edge a certificate of the Origin CA for these names. */
  async certify(names: readonly string[]): Promise<void> {
    const { certificate: cert, key } = await this.pair(names);
    this.origin.setSecureContext({ cert, key, ca: this.edge.authorities.pulls });
  }

  pair(names: readonly string[]) {
    return originPair(this.edge, this.#url, names);
  }

  ask(url: string, asking?: Asking): Promise<Got> {
    return visit(this.edge, url.replace("https://", ""), asking);
  }

  /** Asks for a code as somebody from somewhere. */
  async code(email: string, from = france): Promise<Sent> {
    const form = { host: "media.example.org", redirect_url: "/web/?a=b", email };
    const { outbox } = this.edge.gate.codes;
    const before = outbox.length;
    const page = await this.ask("home.cloudflareaccess.com/cdn-cgi/access/onetimepin", { form, from });
    const nonce = /name="nonce" value="(\w+)"/.exec(page.body)?.[1] ?? "";
    return { page, nonce, code: outbox.slice(before).find((mail) => mail.to === email.toLowerCase())?.code };
  }

  enter({ nonce, code = "" }: Pick<Sent, "nonce" | "code">): Promise<Got> {
    return this.ask("home.cloudflareaccess.com/cdn-cgi/access/callback", { form: { nonce, code } });
  }

  /** A whole login; what the application's host and the team's set as cookies, and where one ends. */
  async logIn(email = "ada@example.org"): Promise<{ cookie: string; set: string; location: string | undefined; team: string }> {
    const right = await this.enter(await this.code(email));
    const entered = await this.ask(right.headers.location ?? "");
    const set = entered.headers["set-cookie"]?.[0] ?? "";
    const team = right.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    return { cookie: set.split(";")[0] ?? "", set, location: entered.headers.location, team };
  }

  async stop(): Promise<void> {
    this.origin.closeAllConnections();
    this.origin.close();
    await this.#stop();
  }
}
