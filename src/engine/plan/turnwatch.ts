import type { TaskEvent } from "../../kernel/event.ts";
import type { Seat, TaskStop } from "../compile/unit.ts";
import type { UnitOutcome } from "../decide/outcome.ts";
import type { Planned } from "../decide/planned.ts";
import type { Position } from "../decide/position.ts";

/** Sees every turn of a host in a play: it notes what would be done, or holds what is done to what was noted. */
export interface TurnWatch {
  /** The first of these turns that may not be performed, and why not. Asked before they act. */
  forbids?(seat: Seat, position: Position, due: readonly Planned[]): { readonly index: number; readonly why: string } | undefined;
  /** A turn was done, and will be tried again. */
  tried?(planned: Planned): void;
  /** A turn is over; `event` comes with the last one of its task. The position is still before it. */
  over(seat: Seat, position: Position, planned: Planned, outcome: UnitOutcome): (event: TaskEvent | undefined) => void;
}

/** A task's place in a plan. Of a handler only where it was flushed and its own place count: which ones run may differ. */
export function planPath(play: number, { path, handler, entry }: TaskStop): string {
  if (!handler) return [play, ...path].join(".");
  return `${[play, ...path.slice(0, -1)].join(".")}@${entry.at.source.path}:${entry.at.start}`;
}

/** Which turn of its loop comes next. */
export function nextTurn(position: Position): number {
  return position.turns?.outcomes.length ?? 0;
}
