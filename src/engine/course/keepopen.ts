import type { Connect, Connection, Target, Unreachable } from "../../kernel/target.ts";

/** Connections that outlive one execution, so that the next one goes on with them, with their lock and their counts. */
export class KeepOpen {
  readonly #connect: Connect;
  readonly #open = new Map<string, Target>();

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  readonly connect: Connect = async (connection: Connection): Promise<Target | Unreachable> => {
    const key = JSON.stringify({ ...connection, password: connection.password?.reveal() });
    const target = this.#open.get(key) ?? (await this.#connect(connection));
    if ("unreachable" in target) return target;
    this.#open.set(key, target);
    return {
      perform: (work) => target.perform(work),
      get counts() {
        return target.counts;
      },
      close: async () => undefined,
    };
  };

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((target) => target.close()));
  }
}
