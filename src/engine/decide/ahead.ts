import { Refused } from "../../kernel/diagnostic.ts";
import type { Question } from "../../kernel/fact.ts";
import { identityKey } from "../../kernel/target.ts";
import { Unknown, type Value } from "../../kernel/value.ts";
import { turn } from "../compile/loop.ts";
import { shapeOf } from "../compile/shape.ts";
import { NoTurns, turnsOf } from "../compile/turns.ts";
import { resolveUnit, type Seat, type TaskStop, type Unit } from "../compile/unit.ts";
import { isAlone } from "../course/alone.ts";
import type { Bindings } from "./cursor.ts";
import { decide } from "./decide.ts";
import type { Knowledge } from "./knowledge.ts";
import { Needs } from "./needs.ts";
import { nextTask } from "./nexttask.ts";
import { conclude, skipped, type UnitOutcome } from "./outcome.ts";
import { follow } from "./planned.ts";
import { forkPosition, type Position } from "./position.ts";

/** How many turns of tasks are asked for ahead; more on a host that is as declared, where most answers will be used. */
const horizon = { usual: 400, calm: 1200 };

/** How far it goes for that, in turns of tasks. */
const farthest = 4000;

/** Which of the user's own questions may be asked ahead: none, those of tasks before which nothing is pending, or all. */
export type Probes = "none" | "next" | "all";

/** The questions of the tasks from here on, as far as their arguments are known, and not answered yet. */
export function needsAhead(seat: Seat, from: Position, knowledge: Knowledge, probes: Probes): Needs {
  const ahead = new Ahead(seat, forkPosition(from), knowledge, probes);
  ahead.run();
  return ahead.needs;
}

/** Goes on as if every task that is not known yet had nothing to do. */
class Ahead {
  readonly needs = new Needs();
  readonly #seat: Seat;
  readonly #position: Position;
  readonly #knowledge: Knowledge;
  #probes: Probes;
  /** Turns that may still be asked for, and looked at. */
  #asks: number;
  #looks = farthest;

  constructor(seat: Seat, position: Position, knowledge: Knowledge, probes: Probes) {
    this.#seat = seat;
    this.#position = position;
    this.#knowledge = knowledge;
    this.#probes = probes;
    this.#asks = probes === "all" ? horizon.calm : horizon.usual;
  }

  get #isFar(): boolean {
    return this.#asks <= 0 || this.#looks <= 0;
  }

  run(): void {
    const position = this.#position;
    while (!this.#isFar) {
      const next = nextTask(this.#seat, position);
      if (next.kind === "end") return;
      if (next.kind === "task") {
        // What it leads to, on this host too, is not known before it is done.
        if (isAlone(this.#seat, next.stop.entry)) return;
        this.#looks--;
        if (!this.#task(next.stop)) this.#passUnknown(next.stop);
        continue;
      }
      position.cursor = position.cursor.next();
      if (next.kind === "guard") continue;
      this.#pending();
      this.#looks--;
    }
  }

  /** A task may have something to do, so the user's questions behind it are not its neighbours any more. */
  #pending(): void {
    if (this.#probes === "next") this.#probes = "none";
  }

  /** Gives true when what it says is known, and the position has followed it. */
  #task(stop: TaskStop): boolean {
    const { entry, bind } = stop;
    const position = this.#position;
    try {
      const items = position.turns?.items ?? turnsOf(this.#seat, entry, bind, position.vars);
      if (items instanceof Unknown) return false;
      if (items instanceof NoTurns) return this.#follow(stop, bind, [], true, skipped(items.why));
      const all = items ?? [null];
      const first = position.turns?.outcomes.length ?? 0;
      // The turns behind a pause are asked when it is over.
      const end = entry.loop?.pause ? Math.min(all.length, first + 1) : all.length;
      let known = entry.retrying === undefined;
      for (let i = first; i < end && !this.#isFar; i++, this.#looks--) {
        const inner = turn(entry, bind, all[i] ?? null, i, all);
        const outcome = this.#turn(stop, inner);
        known = known && outcome !== undefined && this.#follow(stop, inner, items, i === all.length - 1, outcome);
      }
      return known && position.turns === undefined;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#pending();
      return false;
    }
  }

  /** Notes what one turn asks; gives what it says when that is known. */
  #turn(stop: TaskStop, bind: Bindings): UnitOutcome | undefined {
    const resolved = resolveUnit(this.#seat, stop, bind, this.#position.vars);
    if (resolved.kind === "skipped") return skipped(resolved.why);
    if (resolved.kind === "waiting") {
      this.#pending();
      this.#asks--;
      if (resolved.identity) this.needs.add(resolved.identity, this.#unanswered(resolved.ahead, identityKey(resolved.identity)));
      return undefined;
    }
    const { unit } = resolved;
    const open = this.#unanswered(unit.questions, identityKey(unit.identity));
    this.needs.add(unit.identity, this.#probes === "none" ? open.filter((q) => !q.fact.runsUserText) : open);
    if (open.length === 0) return this.#decided(stop, bind, unit);
    this.#asks--;
    if (open.some((q) => !q.fact.runsUserText)) this.#pending();
    return undefined;
  }

  #decided(stop: TaskStop, bind: Bindings, unit: Unit): UnitOutcome | undefined {
    const decided = decide(unit, this.#knowledge);
    if (decided.kind === "decided" && decided.decision.changes.length === 0) {
      const { decision } = decided;
      return conclude(this.#seat, stop, bind, this.#position.vars, unit, decision, { after: decision.after, ran: [] });
    }
    // It will do something, or fail.
    this.#probes = "none";
    return undefined;
  }

  /** False for an outcome that does not simply lead on. */
  #follow(stop: TaskStop, bind: Bindings, items: readonly Value[] | undefined, last: boolean, outcome: UnitOutcome): boolean {
    if (outcome.status === "failed" || outcome.status === "maybe") return false;
    follow(this.#seat, this.#position, { stop, bind, items, last, outcome, acts: false }, outcome);
    return true;
  }

  #passUnknown({ entry }: TaskStop): void {
    const position = this.#position;
    const module = this.#seat.context.modules.get(entry.module);
    if (entry.register && module) position.vars.set(entry.register.text, new Unknown(entry.name, shapeOf(entry, module)));
    position.turns = undefined;
    position.cursor = position.cursor.next();
  }

  #unanswered(questions: readonly Question[], as: string): Question[] {
    return questions.filter((q) => !this.#knowledge.about(as, q));
  }
}
