import { isOwn } from "../../kernel/step.ts";
import { isMap, type Value } from "../../kernel/value.ts";
import type { BlockEntry } from "../../playbook/model.ts";
import { finishTask } from "../act/finish.ts";
import type { Seat, TaskStop, Unit } from "../compile/unit.ts";
import type { Bindings, Stop } from "./cursor.ts";
import type { Decision } from "./decide.ts";
import type { Knowledge } from "./knowledge.ts";
import type { UnitOutcome } from "./outcome.ts";
import { mayNotify } from "./owed.ts";
import type { Position } from "./position.ts";

/** One turn of a task that was decided, with the outcome that it has or is expected to have. */
export interface Planned {
  readonly stop: TaskStop;
  readonly bind: Bindings;
  readonly items: readonly Value[] | undefined;
  /** The last turn of its task. */
  readonly last: boolean;
  readonly outcome: UnitOutcome;
  readonly unit?: Unit;
  readonly decision?: Decision;
  /** Steps are to be performed for it. */
  readonly acts: boolean;
  readonly item?: string;
  /** It did nothing, and what it says is not what `until` waits for: to be tried again. */
  readonly again?: true;
  /** The guarded block that it stands in. */
  readonly guard?: BlockEntry;
  /** Set at the end of a guarded block that did something: its steps are a new connection, a new login and a new become. */
  readonly proves?: BlockEntry;
}

/** So far there is nothing to do, so that nothing is expected either that would change an answer. */
export function isAsDeclared(planned: readonly Planned[]): boolean {
  return planned.length > 0 && planned.every(({ outcome: { status } }) => status === "ok" || status === "skipped");
}

/** Takes the outcome of one turn into the position; gives the event when the task is over. */
export function follow(seat: Seat, position: Position, planned: Planned, outcome: UnitOutcome): ReturnType<typeof finishTask> | undefined {
  position.tries = 0;
  const outcomes = [...(position.turns?.outcomes ?? []), told(outcome, planned)];
  if (!planned.last) {
    position.turns = { items: planned.items, outcomes };
    return undefined;
  }
  const event = finishTask(seat, position, planned.stop, outcomes, planned.items !== undefined || planned.stop.entry.loop !== undefined);
  // It may have changed something before it failed, and a rerun that finds that done would not notify.
  if (event.status === "failed" && !event.ignored && planned.acts && !planned.guard)
    for (const handler of mayNotify(seat, position, planned.stop, planned.bind)) position.owed.add(handler);
  return event;
}

/**
 * Lets those behind this turn know what it leads to. A single task in check mode must not let the others believe in what it did
 * not do; but where nothing acts, a task of which it cannot be told what it does may do anything.
 */
export function foresee(seat: Seat, knowledge: Knowledge, { stop, decision, outcome, acts, unit }: Planned): void {
  const { check, modules } = seat.context;
  const changes = decision?.changes ?? [];
  const name = unit?.name ?? stop.entry.name;
  // Waiting changes nothing.
  const doing = changes.filter((c) => c.steps.length === 0 || !c.steps.every(isOwn));
  if (doing.length > 0 && (acts || check)) knowledge.plan(doing, name, decision?.assumed);
  if (!check || outcome.status !== "maybe" || changes.length > 0) return;
  const module = unit?.module ?? modules.get(stop.entry.module);
  if (!module?.controller && (unit?.prepared.kind ?? module?.kind) !== "question") knowledge.cloud(name);
}

/** A turn's result carries its item, as a registered loop shows it, and where it was done. */
function told(turn: UnitOutcome, planned: Planned): UnitOutcome {
  const delegate = planned.unit?.delegate;
  const outcome = delegate === undefined ? turn : { ...turn, delegate };
  const variable = planned.stop.entry.loop?.variable;
  if (variable === undefined || !isMap(outcome.result)) return outcome;
  return { ...outcome, result: { ...outcome.result, item: planned.bind.get(variable) ?? null } };
}

/** An include that failed is reported as if it were a task. */
export function asTask(stop: Stop): TaskStop {
  if (stop.kind === "task") return stop;
  const { entry } = stop;
  const task = { ...entry, kind: "task" as const, module: entry.kind, moduleAt: entry.at, notify: [], listen: [] };
  return { kind: "task", entry: task, path: stop.path, bind: stop.bind, handler: false };
}
