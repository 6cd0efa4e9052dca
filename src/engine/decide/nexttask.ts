import { Refused, refuse } from "../../kernel/diagnostic.ts";
import { Unknown, type Value } from "../../kernel/value.ts";
import { resolve } from "../../template/resolve.ts";
import { allHandlers } from "../compile/handlers.ts";
import { turn } from "../compile/loop.ts";
import { isChosen } from "../compile/tags.ts";
import { NoTurns, turnsOf } from "../compile/turns.ts";
import { gate, type Seat, type TaskStop } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import { Cursor, type Stop } from "./cursor.ts";
import { comparePaths } from "./path.ts";
import type { Position } from "./position.ts";

export type Next =
  | { readonly kind: "task"; readonly stop: TaskStop }
  /** An include or meta whose condition or name is not known yet. */
  | { readonly kind: "waiting"; readonly on: Unknown; readonly stop: Stop }
  /** The end of a guarded block that changed something: the host must be seen to be reachable. */
  | { readonly kind: "guard"; readonly stop: Extract<Stop, { kind: "guard" }> }
  | { readonly kind: "refused"; readonly error: Refused; readonly stop: Stop }
  | { readonly kind: "end" };

/** Moves the position to the next task that is part of this run: through blocks, includes, meta tasks and handlers. */
export function nextTask(seat: Seat, position: Position): Next {
  for (;;) {
    if (position.ended) return { kind: "end" };
    const { cursor, stop, failed } = position.cursor.settle();
    position.cursor = cursor;
    if (failed) {
      position.failed = true;
      position.ended = true;
      return { kind: "end" };
    }
    if (!stop) {
      if (position.failed || position.notified.size === 0) return { kind: "end" };
      flush(seat, position, [Number.MAX_SAFE_INTEGER], true);
      continue;
    }
    const inOrder = stop.kind !== "task" || !stop.handler;
    if (inOrder && seat.from && comparePaths(stop.path, seat.from) < 0) {
      position.cursor = cursor.next();
      continue;
    }
    if (stop.kind === "guard") {
      const guard = position.guard?.block === stop.entry ? position.guard : undefined;
      if (guard && guard.notified.size > 0) flush(seat, position, [...stop.path, 0], true);
      else if (guard?.armed) return { kind: "guard", stop: { ...stop, path: [...stop.path, 1] } };
      else position.cursor = cursor.next();
      continue;
    }
    if (stop.kind === "task" && stop.entry.module !== "meta") {
      if (stop.handler || isChosen(stop.entry, { tags: seat.context.options.tags ?? [], skipTags: seat.context.options.skipTags ?? [] }))
        return { kind: "task", stop };
      position.cursor = cursor.next();
      continue;
    }
    try {
      const waiting = stop.kind === "include" ? include(seat, position, stop) : meta(seat, position, stop);
      if (waiting) return { kind: "waiting", on: waiting, stop };
    } catch (error) {
      if (error instanceof Refused) return { kind: "refused", error, stop };
      throw error;
    }
  }
}

/**
 * Inside a guarded block only what was notified there: the rest is not covered by its undo. `again`: it may be done several times
 * at the same place, for handlers that handlers notified; those of a later time stand behind the others.
 */
function flush(seat: Seat, position: Position, base: readonly number[], again: boolean): void {
  const block = position.cursor.guard;
  const inside = position.guard?.block === block ? position.guard?.notified : undefined;
  const notified = block ? (inside ?? new Set()) : position.notified;
  const all = allHandlers(seat);
  const due = [...all.entries()].filter(([, h]) => notified.has(h));
  notified.clear();
  const first = again ? position.flushes * all.length : 0;
  if (again) position.flushes++;
  position.cursor = position.cursor.pushHandlers(
    due.map(([, h]) => h),
    base,
    due.map(([i]) => first + i),
  );
}

/** Puts what an include brings in before what comes next; gives back what it waits for. */
function include(seat: Seat, position: Position, stop: Extract<Stop, { kind: "include" }>): Unknown | undefined {
  const { entry } = stop;
  const found = entry.loop ? turnsOf(seat, entry, stop.bind, position.vars) : [null];
  if (found instanceof Unknown) return found;
  const items = found instanceof NoTurns ? [] : found;
  const lists: { entries: readonly TaskOrEntry[]; bind: ReadonlyMap<string, Value> }[] = [];
  for (const [i, item] of (items ?? []).entries()) {
    const bind = turn(entry, stop.bind, item, i, items ?? []);
    const inner = variablesFor(seat.context, seat.play, seat.host, entry.inherited, bind, position.vars);
    const open = gate(entry.inherited.when, inner);
    if (open instanceof Unknown) return open;
    if (!open.open) continue;
    const node = entry.kind === "include_tasks" ? entry.file : entry.role;
    const name = resolve(node, inner);
    if (name instanceof Unknown) return name;
    const from = entry.kind === "include_role" && entry.tasksFrom ? resolve(entry.tasksFrom, inner) : undefined;
    if (typeof name !== "string" || (from !== undefined && typeof from !== "string")) return refuse("a name is wanted here", node.at);
    const { entries, role } = seat.context.includes.load(entry, name, from);
    if (role && !seat.play.included.includes(role)) seat.play.included.push(role);
    lists.push({ entries, bind });
  }
  position.cursor = position.cursor.expand(lists);
  return undefined;
}

type TaskOrEntry = Parameters<typeof Cursor.over>[0][number];

/** `meta:` moves the position and touches no host. */
function meta(seat: Seat, position: Position, stop: TaskStop): Unknown | undefined {
  const variables = variablesFor(seat.context, seat.play, seat.host, stop.entry.inherited, stop.bind, position.vars);
  const open = gate(stop.entry.inherited.when, variables);
  if (open instanceof Unknown) return open;
  position.cursor = position.cursor.next();
  if (!open.open) return undefined;
  const what = stop.entry.args?.kind === "scalar" ? stop.entry.args.text : "";
  if (what === "flush_handlers") flush(seat, position, [...stop.path, 0], false);
  else if (what === "end_host" || what === "end_play") {
    position.cursor = Cursor.over([]);
    position.notified = new Set();
    position.owed = new Set();
    position.ended = true;
  }
  return undefined;
}
