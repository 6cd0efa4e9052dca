import type { Socket } from "node:dgram";
import { createServer as createApi } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { CloudflareEmulator } from "../emulator/emulator.ts";
import { hexId, now } from "../emulator/state.ts";
import { Gate } from "./access/gate.ts";
import { issue, type KeyPair, makeAuthority, sign } from "./certificates.ts";
import { makeControl } from "./control.ts";
import { startDns } from "./dns.ts";
import { type Doors, makeDoors } from "./doors.ts";
import { Front } from "./front.ts";
import type { Authorities, EdgeOptions, EdgeRecord } from "./options.ts";
import { countryBy } from "./ranges.ts";
import { Limits } from "./rules/limits.ts";

type Door = "http" | "https" | "dns" | "api" | "control";

export interface ProcessOptions extends EdgeOptions {
  /** Addresses that it is reached by; the first is what proxied names lead to. */
  readonly addresses: readonly string[];
  /** Address to listen on; all when not given. */
  readonly bind?: string;
  /** 0 takes a free one. */
  readonly ports: Readonly<Record<Door, number>>;
  /** Port of the servers behind it; 443 when not given. */
  readonly originPort?: number;
  /** Milliseconds since 1970; the machine's clock when not given. */
  readonly clock?: () => number;
  /** Takes lines for the log. */
  readonly say?: (line: string) => void;
}

/** Cloudflare's API and edge in this process. The edge serves from what the API has stored, at every request anew. */
export class EdgeProcess {
  readonly emulator: CloudflareEmulator;
  readonly front: Front;
  readonly gate: Gate;
  readonly authorities: Authorities;
  readonly #servers: Server[] = [];
  readonly #doors: Doors;
  readonly #signer: KeyPair;
  #dns: Socket | undefined;

  private constructor(options: ProcessOptions) {
    const { zone, plan = "free", token, team = "home", countries = {}, originAuthority, pulls, clock = Date.now, say = () => {} } = options;
    this.#signer = makeAuthority("stand-in for the edge");
    const origin = makeAuthority("stand-in for the Origin CA");
    const pullsAuthority = pulls ? undefined : makeAuthority("stand-in for origin pulls");
    this.authorities = { edge: this.#signer.certificate, origin: origin.certificate, pulls: pullsAuthority?.certificate ?? "" };
    this.emulator = CloudflareEmulator.silent({ zone, plan, ...(token !== undefined && { token }) });
    const { account } = this.emulator;
    account.organization.auth_domain = `${team}.cloudflareaccess.com`;
    account.signs = (csr, names, days) => sign(origin, csr, names, days);
    for (const record of options.records ?? []) this.#store(record);
    this.gate = new Gate(account, clock);
    this.front = new Front({
      emulator: this.emulator,
      zone: this.emulator.zone,
      gate: this.gate,
      limits: new Limits(clock),
      trusted: [origin.certificate, ...(originAuthority === undefined ? [] : [originAuthority])],
      pulls: pulls ?? issue(pullsAuthority as KeyPair, ["origin-pull.cloudflare.com"], { client: true }),
      port: options.originPort ?? 443,
      countryOf: countryBy(countries),
      clock,
      say,
    });
    this.#doors = makeDoors({
      zone: this.emulator.zone,
      front: this.front,
      zonePair: issue(this.#signer, [zone, `*.${zone}`]),
      teamHost: () => this.gate.teamHost,
      teamPair: issue(this.#signer, [`${team}.cloudflareaccess.com`]),
    });
  }

  static async start(options: ProcessOptions): Promise<EdgeProcess> {
    const edge = new EdgeProcess(options);
    await edge.#listen(options);
    return edge;
  }

  port(door: Door): number {
    if (door === "dns") return this.#dns?.address().port ?? 0;
    const at = ["http", "https", "api", "control"].indexOf(door);
    const address = this.#servers[at]?.address() as AddressInfo | undefined;
    return address?.port ?? 0;
  }

  async stop(): Promise<void> {
    this.#dns?.close();
    await Promise.all(
      this.#servers.map((server) => {
        if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  }

  async #listen({ ports, bind, addresses }: ProcessOptions): Promise<void> {
    const { emulator, front, gate } = this;
    const address = bind ?? "0.0.0.0";
    const { certificate: cert, key } = issue(this.#signer, ["api.cloudflare.com", "localhost", "127.0.0.1", ...addresses]);
    const api = createApi({ cert, key }, emulator.receive);
    const control = makeControl({
      authorities: () => this.authorities,
      outbox: () => gate.codes.outbox,
      code: (query) => gate.codes.newest(query.get("to") ?? "", Number(query.get("since") ?? 0)),
      requests: () => front.requests,
      unknown: () => [...front.unknown],
      writes: () => emulator.writes.map((w) => `${w.method} ${w.path}`),
      faults: () => emulator.faults,
    });
    const { zone } = emulator;
    const also = () => [gate.teamHost];
    this.#dns = await startDns({ zone, edge: addresses[0] ?? "", also, unknown: (what) => front.refuse(what) }, ports.dns, address);
    // The control comes last: who gets its answer finds all the others.
    this.#servers.push(this.#doors.http, this.#doors.https, api, control);
    for (const [server, port] of [
      [this.#doors.http, ports.http],
      [this.#doors.https, ports.https],
      [api, ports.api],
      [control, ports.control],
    ] as const)
      await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, address, resolve));
  }

  #store({ type, name, content, priority }: EdgeRecord): void {
    const stored = { name, type, content, proxied: false, proxiable: type.length < 3 || type === "AAAA" || type === "CNAME", ttl: 300 };
    const more = { settings: {}, meta: {}, comment: null, tags: [], created_on: now(), modified_on: now() };
    this.emulator.zone.records.set(hexId(), { ...stored, ...more, ...(priority !== undefined && { priority }) });
  }
}
