import type { Counts } from "../../kernel/counts.ts";
import type { Listener } from "../../kernel/event.ts";
import type { Connect, Connection, Target, Unreachable } from "../../kernel/target.ts";
import { addCounts, noCounts } from "./tallies.ts";

const noConnection: Unreachable = { unreachable: "no connection was resolved for this host", help: "see: rempart doctor" };

/** The connections of a run: one per host, kept from play to play. */
export class Connections {
  readonly #connect: Connect;
  readonly #reconnect: Connect;
  readonly #listen: Listener;
  readonly #targets = new Map<string, { readonly key: string; readonly target: Target }>();
  /** What was counted on connections that are closed. */
  readonly #spent = new Map<string, Counts>();

  /** `reconnect` gives a new one whatever is open. */
  constructor(connect: Connect, reconnect: Connect, listen: Listener) {
    this.#connect = connect;
    this.#reconnect = reconnect;
    this.#listen = listen;
  }

  /** The open one, when it leads to the same place in the same way. */
  async to(host: string, connection: Connection | undefined): Promise<Target | Unreachable> {
    if (!connection) return noConnection;
    const key = wayOf(connection);
    const open = this.#targets.get(host);
    if (open?.key === key) return open.target;
    await open?.target.close();
    this.#listen({ event: "connecting", host });
    const started = performance.now();
    const reached = await this.#connect(connection);
    if ("unreachable" in reached) return reached;
    this.#targets.set(host, { key, target: reached });
    this.#listen({ event: "connected", host, seconds: (performance.now() - started) / 1000 });
    return reached;
  }

  /** It is lost: who wants the host next connects anew. */
  drop(host: string): void {
    const lost = this.#targets.get(host);
    if (!lost) return;
    this.#targets.delete(host);
    this.#spend(host, lost.target);
  }

  /** Another one beside it, for a proof. */
  async beside(connection: Connection | undefined, port: number | undefined): Promise<Target | Unreachable> {
    if (!connection) return noConnection;
    return this.#reconnect(port === undefined ? connection : { ...connection, port });
  }

  /** The host goes on over this connection. */
  adopt(host: string, target: Target): void {
    const old = this.#targets.get(host);
    this.#targets.set(host, { key: old?.key ?? "", target });
    if (!old) return;
    this.#spend(host, old.target);
  }

  #spend(host: string, target: Target): void {
    this.#spent.set(host, addCounts(this.#spent.get(host) ?? noCounts, target.counts));
    void target.close();
  }

  countsOf(host: string): Counts {
    return addCounts(this.#spent.get(host) ?? noCounts, this.#targets.get(host)?.target.counts ?? noCounts);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#targets.values()].map(({ target }) => target.close()));
  }
}

/** The same text for two connections that lead to the same place in the same way. */
export function wayOf({ password, api, ...rest }: Connection): string {
  const secrets = [password, api?.token, api?.password].map((secret) => secret?.reveal());
  return JSON.stringify([rest, api, secrets]);
}
