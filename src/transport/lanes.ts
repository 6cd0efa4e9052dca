import { type Identity, identityKey } from "../kernel/target.ts";
import type { Line } from "./channel.ts";
import { enter, type NotEntered } from "./enter.ts";
import type { Surroundings } from "./frame.ts";
import { KeptShell } from "./kept-shell.ts";

/** The shells of one target: one per identity and lane, opened when first needed, replaced when they are of no more use. */
export class Lanes {
  readonly #line: Line;
  readonly #surroundings: Surroundings;
  readonly #seconds: number;
  readonly #shells = new Map<string, KeptShell>();
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #spare = new Set<KeptShell>();

  /** `seconds`: the bound for starting a shell. */
  constructor(line: Line, surroundings: Surroundings, seconds: number) {
    this.#line = line;
    this.#surroundings = surroundings;
    this.#seconds = seconds;
  }

  /** Runs `use` when everybody before on the same lane is done. */
  async inTurn<T>(identity: Identity, lane: string, use: () => Promise<T>): Promise<T> {
    const key = `${identityKey(identity)} ${lane}`;
    const before = this.#turns.get(key) ?? Promise.resolve();
    const mine = before.then(use, use);
    this.#turns.set(
      key,
      mine.catch(() => undefined),
    );
    return mine;
  }

  /** The shell of this lane, a new one where the old is late, noisy or gone. */
  async shell(identity: Identity, lane: string): Promise<KeptShell | NotEntered> {
    const key = `${identityKey(identity)} ${lane}`;
    const known = this.#shells.get(key);
    if (known?.usable) return known;
    known?.end();
    this.#shells.delete(key);
    const fresh = await this.open(identity);
    if (fresh instanceof KeptShell) this.#shells.set(key, fresh);
    return fresh;
  }

  /** A shell of its own, for a purpose that cannot wait. */
  async open(identity: Identity): Promise<KeptShell | NotEntered> {
    const entered = await enter(this.#line, identity, this.#seconds);
    if ("status" in entered) return entered;
    const shell = new KeptShell(entered, this.#surroundings);
    this.#spare.add(shell);
    return shell;
  }

  endAll(): void {
    for (const shell of this.#spare) shell.end();
    this.#shells.clear();
  }
}
