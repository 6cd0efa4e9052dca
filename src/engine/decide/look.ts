import { Refused } from "../../kernel/diagnostic.ts";
import { identityKey } from "../../kernel/target.ts";
import { undoOf } from "../../kernel/undo.ts";
import { Unknown, type Value } from "../../kernel/value.ts";
import type { BlockEntry } from "../../playbook/model.ts";
import { type Tried, tried } from "../act/tried.ts";
import { turn } from "../compile/loop.ts";
import { NoTurns, turnsOf } from "../compile/turns.ts";
import { moduleOf, type Resolved, resolveUnit, type Seat, type TaskStop, type Unit } from "../compile/unit.ts";
import { isAlone } from "../course/alone.ts";
import { proofTask } from "../guard/guardtask.ts";
import { turnLabel } from "../show/turnlabel.ts";
import { cannotBeUndone, firstLine, waitsFor } from "../show/wording.ts";
import { needsAhead } from "./ahead.ts";
import { endsChain, heaviest, isAloneInChain, weightOf } from "./chainend.ts";
import type { Bindings, Stop } from "./cursor.ts";
import { type Decision, decide } from "./decide.ts";
import type { Knowledge } from "./knowledge.ts";
import { Needs } from "./needs.ts";
import { nextTask } from "./nexttask.ts";
import { conclude, failed, maybe, skipped, type UnitOutcome } from "./outcome.ts";
import { asTask, follow, foresee, isAsDeclared, type Planned } from "./planned.ts";
import { armed, forkPosition, type Position } from "./position.ts";

export interface Look {
  readonly planned: readonly Planned[];
  /** What must be asked before more can be decided; empty when steps have to be performed first or all is decided. */
  readonly needs: Needs;
  /** Next comes a task that is done alone; nothing is planned before it. */
  readonly alone?: TaskStop;
  /** The position behind what was planned, for asking ahead. */
  readonly behind: Position;
}

export interface LookOptions {
  /** False: one turn of one task at a time, nothing guarded, nothing asked ahead. */
  readonly lookahead: boolean;
  /** A chain ends at this many turns. */
  readonly longest: number;
  /** The facts of the play are not gathered yet. */
  readonly gathering: boolean;
  /** Ends before a task that is done alone. */
  readonly together: boolean;
}

/** Decides from here on over what is known, in order, as far as that leads. Pure but for the clock. */
export function look(seat: Seat, from: Position, known: Knowledge, options: LookOptions): Look {
  const plan = new Plan(seat, from, known, options);
  plan.run();
  const probes = !options.lookahead ? "none" : plan.knowledge.isUntouched && isAsDeclared(plan.planned) ? "all" : "next";
  const open = plan.stuck && !plan.acting ? needsAhead(seat, plan.position, plan.knowledge, probes) : new Needs();
  const needs = plan.acting ? new Needs() : options.lookahead ? open : plan.own;
  return { planned: plan.planned, needs, ...(plan.alone && { alone: plan.alone }), behind: plan.position };
}

class Plan {
  readonly planned: Planned[] = [];
  readonly position: Position;
  readonly knowledge: Knowledge;
  /** The needs of the one unit that could not be decided. */
  readonly own = new Needs();
  acting = false;
  stuck = false;
  alone: TaskStop | undefined;
  readonly #seat: Seat;
  readonly #options: LookOptions;
  #as: string | undefined;
  /** The guarded block of the chain. */
  #guard: BlockEntry | undefined;
  #weight = 0;

  constructor(seat: Seat, from: Position, known: Knowledge, options: LookOptions) {
    this.#seat = seat;
    this.position = forkPosition(from);
    this.knowledge = known.fork();
    this.#options = options;
  }

  run(): void {
    while (this.planned.length < this.#options.longest && this.#weight < heaviest) {
      const next = nextTask(this.#seat, this.position);
      if (next.kind === "end") return;
      if (next.kind === "guard") return this.#guardEnd(next.stop);
      if (next.kind === "task" && this.#options.together && isAlone(this.#seat, next.stop.entry)) {
        if (this.planned.length === 0) this.alone = next.stop;
        return;
      }
      if (next.kind === "task") {
        if (!this.#task(next.stop)) return;
      } else if (!this.#structural(next.stop, next.kind === "waiting" ? next.on : firstLine(next.error))) return;
    }
  }

  /** The block did something: that the host can still be reached is proved before anything else is done. */
  #guardEnd(stop: Extract<Stop, { kind: "guard" }>): void {
    if (this.acting) return;
    this.acting = true;
    const outcome: UnitOutcome = { status: "ok", changes: [], seconds: 0, result: null };
    this.planned.push({ stop: proofTask(stop), bind: stop.bind, items: undefined, last: true, outcome, acts: true, proves: stop.entry });
  }

  /** An include or meta that cannot be followed: waits, is unknown in check mode, or fails. */
  #structural(stop: Stop, why: Unknown | string): boolean {
    if (this.acting) return false;
    if (why instanceof Unknown && this.#options.gathering) {
      this.stuck = true;
      return false;
    }
    const outcome: UnitOutcome =
      why instanceof Unknown && this.#seat.context.check
        ? { status: "maybe", waitsFor: why.waitsFor, changes: [], seconds: 0, result: why }
        : failed(why instanceof Unknown ? `its name or condition is not known: it waits for ${why.waitsFor}` : why);
    this.#settle({ stop: asTask(stop), bind: stop.bind, items: undefined, last: true, outcome, acts: false });
    return outcome.status !== "failed";
  }

  /** All turns of one task; false when planning ends here. */
  #task(stop: TaskStop): boolean {
    const { position } = this;
    let items: readonly Value[] | undefined;
    try {
      const { entry } = stop;
      const list = position.turns ? position.turns.items : turnsOf(this.#seat, entry, stop.bind, position.vars);
      if (list instanceof NoTurns)
        return this.#settle({ stop, bind: stop.bind, items: [], last: true, outcome: skipped(list.why), acts: false });
      if (list instanceof Unknown)
        return this.#waiting(stop, stop.bind, undefined, true, { kind: "waiting", on: list, ahead: [], raw: {} }, undefined);
      items = list;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return this.#settle({ stop, bind: stop.bind, items: undefined, last: true, outcome: failed(firstLine(error)), acts: false });
    }
    const count = items?.length ?? 1;
    for (let i = position.turns?.outcomes.length ?? 0; i < count; i++) {
      if (this.planned.length >= this.#options.longest || this.#weight >= heaviest) return false;
      const value = items?.[i] ?? null;
      const bind = items ? turn(stop.entry, stop.bind, value, i, items) : stop.bind;
      if (!this.#turn(stop, bind, items, i === count - 1, items ? turnLabel(this.#seat, stop, bind, position.vars, value) : undefined))
        return false;
      if (stop.entry.loop?.pause && i < count - 1) return false;
    }
    return true;
  }

  #turn(stop: TaskStop, bind: Bindings, items: readonly Value[] | undefined, last: boolean, item: string | undefined): boolean {
    const { guard } = this.position.cursor;
    const base = { stop, bind, items, last, ...(item !== undefined && { item }), ...(guard && { guard }) };
    let resolved: Resolved;
    try {
      resolved = resolveUnit(this.#seat, stop, bind, this.position.vars);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return this.#settle({ ...base, outcome: failed(firstLine(error), item), acts: false });
    }
    if (resolved.kind === "skipped") return this.#settle({ ...base, outcome: skipped(resolved.why, item), acts: false });
    if (resolved.kind === "waiting") return this.#waiting(stop, bind, items, last, resolved, item);
    const { unit } = resolved;
    const unsure = this.position.unsure.get(stop.entry);
    if (unsure !== undefined) return this.#settle({ ...base, unit, outcome: maybe(unit, unsure, stop.entry, item), acts: false });
    const as = identityKey(unit.identity);
    if (this.acting && as !== this.#as && !unit.module.controller) return false;
    if (this.acting && unit.questions.some((q) => q.fact.runsUserText)) return false;
    const decided = decide(unit, this.knowledge);
    if (decided.kind === "needs") {
      this.own.add(unit.identity, decided.questions);
      this.stuck = true;
      return false;
    }
    if (decided.kind === "blind") {
      if (!unit.check || this.acting) return false;
      return this.#settle({ ...base, unit, outcome: maybe(unit, decided.by, stop.entry, item), acts: false });
    }
    if (decided.kind === "refused") {
      if (this.acting) return false;
      const by = unit.check ? this.knowledge.lastOpaque : undefined;
      if (by !== undefined)
        return this.#settle({ ...base, unit, outcome: { ...maybe(unit, by, stop.entry, item), message: decided.why }, acts: false });
      const tried = this.#tried({ ...base, unit }, unit, failed(decided.why, item));
      return !tried.again && this.#settle({ ...base, unit, outcome: tried.outcome, acts: false });
    }
    return this.#decided({ ...base, unit }, unit, decided.decision, as);
  }

  #decided(base: Omit<Planned, "outcome" | "acts"> & { readonly unit: Unit }, unit: Unit, decision: Decision, as: string): boolean {
    const { stop, bind, item } = base;
    const acts = decision.changes.length > 0 && !unit.check;
    if (this.acting && unit.questions.length > 0 && decision.guard === undefined) return false;
    // A chain lies wholly inside a guarded block, or wholly outside.
    if (this.acting && acts && base.guard !== this.#guard) return false;
    const alone = acts && isAloneInChain(decision);
    if (this.acting && alone) return false;
    const lasting = base.guard && decision.changes.find((c) => !undoOf(c));
    if (lasting) return !this.acting && this.#settle({ ...base, outcome: failed(cannotBeUndone(lasting.subject), item), acts: false });
    const acted = { after: decision.after, ran: [], ...(decision.changes.length > 0 && { planned: true as const }) };
    const concluded = conclude(this.#seat, stop, bind, this.position.vars, unit, decision, acted, item);
    // What a step will say is not known yet, and in check mode it is not run.
    const judgedTry = decision.changes.length > 0 ? undefined : this.#tried(base, unit, concluded);
    if (judgedTry?.again) return false;
    const outcome = judgedTry?.outcome ?? concluded;
    if (acts) {
      this.acting = true;
      this.#as = as;
      this.#guard = base.guard;
      if (base.guard) this.position.guard = armed(this.position, base.guard);
      this.#weight += weightOf(decision.changes);
    }
    const more = this.#settle({ ...base, decision, outcome, acts });
    const ends = acts && (alone || endsChain(stop.entry, decision) || !this.#options.lookahead);
    return more && !ends && (this.#options.lookahead || !acts);
  }

  /** What a turn that does nothing says under `until`. One that is to be tried again is noted, and planning ends at it. */
  #tried(base: Omit<Planned, "outcome" | "acts">, unit: Unit, outcome: UnitOutcome): Tried {
    const result = tried(this.#seat, base.stop, base.bind, this.position.vars, unit, outcome, this.position.tries ?? 0);
    if (result.again && !this.acting) this.planned.push({ ...base, outcome: result.outcome, acts: false, again: true });
    return result;
  }

  #waiting(
    stop: TaskStop,
    bind: Bindings,
    items: readonly Value[] | undefined,
    last: boolean,
    resolved: Extract<Resolved, { kind: "waiting" }>,
    item: string | undefined,
  ): boolean {
    if (this.acting) return false;
    if (this.#options.gathering) {
      this.stuck = true;
      return false;
    }
    const base = { stop, bind, items, last, acts: false, ...(item !== undefined && { item }) };
    const module = moduleOf(this.#seat.context, stop.entry);
    if (!this.#seat.context.check && !stop.entry.inherited.checkMode) {
      return this.#settle({ ...base, outcome: failed(waitsFor(resolved.on), item) });
    }
    const sets = module.name === "set_fact" ? new Map(Object.entries(resolved.raw) as [string, Value][]) : undefined;
    return this.#settle({ ...base, outcome: maybe({ module }, resolved.on.waitsFor, stop.entry, item, sets) });
  }

  /** Notes the turn and lets the position follow; false after a failure, behind which nothing is planned. */
  #settle(planned: Planned): boolean {
    this.planned.push(planned);
    foresee(this.#seat, this.knowledge, planned);
    follow(this.#seat, this.position, planned, planned.outcome);
    return planned.outcome.status !== "failed" || planned.stop.entry.inherited.ignoreErrors !== undefined;
  }
}
