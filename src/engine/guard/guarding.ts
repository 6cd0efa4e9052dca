import { Refused } from "../../kernel/diagnostic.ts";
import type { Link, LinkResult, Target, Unreachable } from "../../kernel/target.ts";
import { Unknown } from "../../kernel/value.ts";
import type { BlockEntry } from "../../playbook/model.ts";
import type { Acting } from "../act/acted.ts";
import type { Talk } from "../act/talk.ts";
import type { Seat } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import { nextTask } from "../decide/nexttask.ts";
import { failed, type UnitOutcome } from "../decide/outcome.ts";
import { follow, type Planned } from "../decide/planned.ts";
import { armed, forkPosition, type Position } from "../decide/position.ts";
import { firstLine } from "../show/wording.ts";
import type { HostGuard } from "./guard.ts";
import { guardPort } from "./guardcheck.ts";
import { proofTask } from "./guardtask.ts";

/** The guarded blocks of one host in one play: arms in front of their chains, proves behind them, puts back after a failure. */
export class Guarding {
  readonly #seat: Seat;
  readonly #position: Position;
  readonly #guard: HostGuard;
  readonly #talk: Talk;
  readonly #adopt: (target: Target) => void;
  #broken: Unreachable | undefined;
  /** Whose chain was performed last. */
  #block: BlockEntry | undefined;

  constructor(seat: Seat, position: Position, guard: HostGuard, talk: Talk, adopt: (target: Target) => void) {
    this.#seat = seat;
    this.#position = position;
    this.#guard = guard;
    this.#talk = talk;
    this.#adopt = adopt;
  }

  /** The host was lost inside a guarded block, and may come back when that was undone. */
  get broken(): boolean {
    return this.#broken !== undefined;
  }

  /** Seconds until the host puts everything back by itself, undefined when it will not. */
  get unproved(): number | undefined {
    return this.#guard.isArmed ? Math.max(0, Math.ceil(this.#guard.left)) : undefined;
  }

  /** Inside a guarded block a lost host is not out of the run yet. */
  takes(gone: Unreachable): boolean {
    if (!this.#guard.isArmed) return false;
    this.#broken ??= gone;
    return true;
  }

  /** What a chain that begins with this turn must have in front, and how long it may take. */
  front(first: Planned | undefined, due: readonly Planned[]): { readonly link?: Link; readonly timeout?: number } {
    const guard = first?.guard?.guard;
    if (!guard || !first.unit) return {};
    this.#block = first.guard;
    const timeout = Math.max(5, Math.min(guard.within, Math.floor(this.#guard.left)));
    return { link: this.#guard.link(guard, due, first.unit.identity), timeout };
  }

  /** Takes the result of that link out. When it failed, the first turn of the chain fails with its reason. */
  took(performed: Acting): Acting {
    const [front, ...links] = performed.links;
    const why = this.#guard.took(front);
    if (this.#guard.isArmed && this.#block) this.#position.guard = armed(this.#position, this.#block);
    const refused: LinkResult[] = why === undefined ? links : [{ status: "failed", ran: [], why }];
    return { ...performed, links: refused };
  }

  /** The outcome of a turn; when its failure leaves the block, everything is put back first. */
  async settled(planned: Planned, outcome: UnitOutcome): Promise<UnitOutcome> {
    const block = this.#position.cursor.guard;
    if (outcome.status !== "failed" || !this.#guard.isArmed || block !== this.#position.guard?.block) return outcome;
    const then = forkPosition(this.#position);
    follow(this.#seat, then, planned, outcome);
    return then.cursor.guard ? outcome : this.#undone(outcome.message ?? "", outcome, false);
  }

  /** Called when the position has followed a turn: what was proved or put back is guarded no more. */
  followed(): void {
    if (this.#position.guard?.armed && !this.#guard.isArmed) this.#position.guard = undefined;
  }

  /** The turn at the end of a block that did something. */
  async prove(block: BlockEntry, planned: Planned): Promise<UnitOutcome> {
    const started = performance.now();
    const port = this.#port(block, planned);
    const verdict = typeof port === "string" ? { why: port } : await this.#guard.prove(port);
    const seconds = (performance.now() - started) / 1000;
    if ("why" in verdict) return this.#undone(verdict.why, { ...planned.outcome, seconds }, true);
    const moved = port !== undefined && port !== (this.#seat.play.connections.get(this.#seat.host.name)?.port ?? 22);
    const words = [verdict.proved, moved ? `the host answers on port ${port}: set ansible_port: ${port} in the inventory` : ""];
    const message = words.filter((w) => w !== "").join("; ");
    return { ...planned.outcome, seconds, ...(message !== "" && { message }) };
  }

  /** The turn that reports that the host was lost in the block. */
  get brokenTurn(): Planned | undefined {
    const next = nextTask(this.#seat, this.#position);
    const block = this.#position.cursor.guard ?? this.#position.guard?.block;
    if (!this.#broken || !block) return undefined;
    const [path, bind] = next.kind === "end" ? [[], new Map()] : [next.stop.path, next.stop.bind];
    const stop = proofTask({ kind: "guard", entry: block, path, bind });
    const outcome = failed(this.#broken.unreachable);
    return { stop, bind, items: undefined, last: true, outcome, acts: false, guard: block };
  }

  /** Finds the host again that was lost in the block; it has been put back then, or the host is out of the run. */
  async recover(turn: Planned): Promise<UnitOutcome> {
    this.#broken = undefined;
    this.#position.turns = undefined;
    return this.#undone(turn.outcome.message ?? "", turn.outcome, true);
  }

  async #undone(why: string, outcome: UnitOutcome, mustReach: boolean): Promise<UnitOutcome> {
    const put = await this.#guard.putBack(this.#talk.kept, mustReach);
    if (!("unreachable" in put) && put.target) this.#adopt(put.target);
    this.#talk.revive("unreachable" in put ? undefined : put.target);
    if ("unreachable" in put) this.#talk.lose(put);
    const told = "unreachable" in put ? put.unreachable : put.told;
    return { ...outcome, status: "failed", message: `${why}; ${told}`, result: failed(why).result };
  }

  /** A text says why there is none. */
  #port(block: BlockEntry, { bind }: Planned): number | string | undefined {
    const { context, play, host } = this.#seat;
    try {
      const port = guardPort(block, variablesFor(context, play, host, block.inherited, bind, this.#position.vars));
      return port instanceof Unknown ? `the port of the guard is not known: it waits for ${port.waitsFor}` : port;
    } catch (error) {
      if (error instanceof Refused) return firstLine(error);
      throw error;
    }
  }
}
