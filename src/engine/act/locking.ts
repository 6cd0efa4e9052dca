import { setTimeout as sleep } from "node:timers/promises";
import type { LockHolder, LockRequest, Performed, Target, Work } from "../../kernel/target.ts";

/** How often a host that another run holds is tried again. Milliseconds. */
const pace = 2000;

/** What a dead run left working on the host often ends in a moment: it is waited for in any case. Milliseconds. */
const grace = 3000;

export interface LockOptions {
  readonly request: LockRequest;
  /** Seconds to wait for a host that another run holds. */
  readonly wait: number;
  /** Is the process of this run known to have ended? */
  readonly isDead: (runner: string) => boolean;
  readonly signal?: AbortSignal;
}

/** Asks for the lock of one host with all that is done there, and waits for it as long as is wanted. */
export class Locking {
  readonly #options: LockOptions;
  readonly #warn: (message: string) => void;
  #warned = false;

  constructor(options: LockOptions, warn: (message: string) => void) {
    this.#options = options;
    this.#warn = warn;
  }

  async perform(target: Target, work: Work): Promise<Performed> {
    const { wait, isDead, signal } = this.#options;
    let { request } = this.#options;
    let until = Date.now() + wait * 1000;
    for (;;) {
      const performed = await target.perform({ ...work, lock: request });
      if (performed.status === "done" && performed.lockedBy) this.#once(changing(performed.lockedBy));
      if (performed.status === "done" && performed.unlocked)
        this.#once("no lock can be made on this host: another run may change it at the same time");
      const holder = performed.status === "refused" ? performed.lockedBy : undefined;
      if (holder && holder.run !== request.over && isDead(holder.runner)) {
        request = { ...request, over: holder.run };
        until = Math.max(until, Date.now() + grace);
        continue;
      }
      const waits = performed.status === "refused" && performed.lockedBy && Date.now() < until && !signal?.aborted;
      if (!waits) return performed;
      this.#once(`waiting: ${performed.why}`);
      await sleep(Math.min(request.over === undefined ? pace : grace / 6, Math.max(1, until - Date.now())), undefined, {
        ...(signal && { signal }),
      }).catch(() => undefined);
    }
  }

  #once(message: string): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#warn(message);
  }
}

function changing({ owner, started }: LockHolder): string {
  return `the run of ${owner}, started ${started.toLocaleString("en-GB", { timeStyle: "short", dateStyle: "short" })}, is changing this host: what is said here may be out of date`;
}
