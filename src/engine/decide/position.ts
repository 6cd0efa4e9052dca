import type { Value } from "../../kernel/value.ts";
import type { BlockEntry, TaskEntry } from "../../playbook/model.ts";
import type { HostVars } from "../compile/hostvars.ts";
import type { Cursor } from "./cursor.ts";
import type { UnitOutcome } from "./outcome.ts";
import type { TaskPath } from "./path.ts";

/** How far a host has come in a play. Forked for looking ahead, so that nothing has to be taken back. */
export interface Position {
  cursor: Cursor;
  vars: HostVars;
  notified: Set<TaskEntry>;
  /** Handlers that were notified and have not ended well since; one that failed is owed still. */
  owed: Set<TaskEntry>;
  /** In check mode: handlers that will run only if a task of this name, which is a maybe, changes something. */
  unsure: Map<TaskEntry, string>;
  /** How often handlers were flushed at the end of the play or of a guarded block. */
  flushes: number;
  /** The loop that the host is in. */
  turns?: { readonly items: readonly Value[] | undefined; readonly outcomes: UnitOutcome[] } | undefined;
  /** How often the present turn was tried already. */
  tries?: number | undefined;
  /**
   * Of the guarded block that did something: the handlers that wait for its end, and whether the undo stands ready on the host.
   * The position may still be before that block, at the end of another one.
   */
  guard?: { readonly block: BlockEntry; readonly notified: Set<TaskEntry>; readonly armed: boolean } | undefined;
  /** The task at which the play failed on this host, or was ended for it. */
  failedAt?: TaskPath | undefined;
  /** A failure that nothing rescued; an always part may still be under way. */
  failed: boolean;
  /** The host does nothing more in this play: it failed for good, or a meta task ended it. */
  ended: boolean;
}

/** With the undo of that block ready on the host; what waits for its end stays. */
export function armed(position: Position, block: BlockEntry): Position["guard"] {
  const { guard } = position;
  return { block, notified: guard?.block === block ? guard.notified : new Set(), armed: true };
}

export function forkPosition(p: Position): Position {
  return {
    cursor: p.cursor,
    vars: p.vars.fork(),
    notified: new Set(p.notified),
    owed: new Set(p.owed),
    unsure: new Map(p.unsure),
    flushes: p.flushes,
    turns: p.turns && { items: p.turns.items, outcomes: [...p.turns.outcomes] },
    tries: p.tries ?? 0,
    guard: p.guard && { ...p.guard, notified: new Set(p.guard.notified) },
    failedAt: p.failedAt,
    failed: p.failed,
    ended: p.ended,
  };
}
