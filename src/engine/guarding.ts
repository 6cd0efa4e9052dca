import type { Link, LinkResult, Performed, Target, Unreachable } from "../kernel/target.ts";
import { isPort } from "../playbook/guard.ts";
import type { BlockEntry } from "../playbook/model.ts";
import { resolve } from "../template/resolve.ts";
import type { HostGuard } from "./guard.ts";
import { proofTask } from "./guardtask.ts";
import { nextTask } from "./nexttask.ts";
import { failed, type UnitOutcome } from "./outcome.ts";
import { follow, type Planned } from "./planned.ts";
import { forkPosition, type Position } from "./position.ts";
import type { Talk } from "./talk.ts";
import type { Seat } from "./unit.ts";
import { variablesFor } from "./variables.ts";

/** The guarded blocks of one host in one play: arms in front of their chains, proves behind them, puts back after a failure. */
export class Guarding {
  readonly #seat: Seat;
  readonly #position: Position;
  readonly #guard: HostGuard;
  readonly #talk: Talk;
  readonly #adopt: (target: Target) => void;
  #broken: Unreachable | undefined;

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
    const timeout = Math.max(5, Math.min(guard.within, Math.floor(this.#guard.left)));
    return { link: this.#guard.link(guard, due, first.unit.identity), timeout };
  }

  /** Takes the result of that link out. When it failed, the first turn of the chain fails with its reason. */
  took(performed: Exclude<Performed, { status: "refused" }>): Exclude<Performed, { status: "refused" }> {
    const [front, ...links] = performed.links;
    const why = this.#guard.took(front);
    if (this.#guard.isArmed) this.#position.guard = { notified: this.#position.guard?.notified ?? new Set(), armed: true };
    const refused: LinkResult[] = why === undefined ? links : [{ status: "failed", ran: [], why }];
    return { ...performed, links: refused };
  }

  /** The outcome of a turn; when its failure leaves the block, everything is put back first. */
  async settled(planned: Planned, outcome: UnitOutcome): Promise<UnitOutcome> {
    if (outcome.status !== "failed" || !this.#guard.isArmed) return outcome;
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
    const verdict = await this.#guard.prove(this.#port(block, planned));
    const seconds = (performance.now() - started) / 1000;
    if ("why" in verdict) return this.#undone(verdict.why, { ...planned.outcome, seconds }, true);
    return { ...planned.outcome, seconds, ...(verdict.proved !== "" && { message: verdict.proved }) };
  }

  /** The turn that reports that the host was lost in the block. */
  get brokenTurn(): Planned | undefined {
    const next = nextTask(this.#seat, this.#position);
    const block = this.#position.cursor.guard;
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

  #port(block: BlockEntry, { bind }: Planned): number | undefined {
    const node = block.guard?.port;
    if (!node) return undefined;
    const port = resolve(
      node,
      variablesFor(this.#seat.context, this.#seat.play, this.#seat.host, block.inherited, bind, this.#position.vars),
    );
    return isPort(port) ? port : undefined;
  }
}
