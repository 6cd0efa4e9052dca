import type { TaskEvent, TaskStatus } from "../../kernel/event.ts";
import { placeOf } from "../../kernel/span.ts";
import { Unknown, type Value } from "../../kernel/value.ts";
import { resolve } from "../../template/resolve.ts";
import { handlersFor } from "../compile/handlers.ts";
import type { Variables } from "../compile/scope.ts";
import { shapeOf } from "../compile/shape.ts";
import { nameOf } from "../compile/taskname.ts";
import { flag, moduleOf, type Seat, type TaskStop } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import type { UnitOutcome } from "../decide/outcome.ts";
import type { Position } from "../decide/position.ts";

/** The task is over on this host: registers, notifies, moves on. The same for what happened and for what is expected to. */
export function finishTask(seat: Seat, position: Position, stop: TaskStop, outcomes: readonly UnitOutcome[], looped: boolean): TaskEvent {
  const { entry } = stop;
  const status = overall(outcomes);
  const before = once(() => variablesFor(seat.context, seat.play, seat.host, entry.inherited, stop.bind, position.vars));
  const result = looped ? loopResult(seat, stop, outcomes, status) : (outcomes[0]?.result ?? null);
  for (const { sets } of outcomes) for (const [name, value] of sets ?? []) position.vars.set(name, value);
  if (entry.register) position.vars.set(entry.register.text, result);
  let ignored: TaskEvent["ignored"];
  if (status === "failed")
    ignored = fail(
      position,
      entry.inherited.ignoreErrors !== undefined && flag(entry.inherited.ignoreErrors, before(), "ignore_errors"),
      stop,
      result,
    );
  else {
    position.cursor = position.cursor.next();
    const sure = outcomes.some((o) => o.status === "changed");
    if (sure || (status === "maybe" && seat.context.check))
      for (const node of entry.notify) notify(seat, position, before(), node, sure ? undefined : entry.name);
    settleHandler(position, stop);
  }
  position.turns = undefined;
  return eventOf(seat, stop, outcomes, status, looped, before, ignored);
}

function fail(position: Position, ignore: boolean, stop: TaskStop, result: Value): TaskEvent["ignored"] {
  if (ignore) {
    position.cursor = position.cursor.next();
    return "ignore_errors";
  }
  const outcome = leaveFailed(position);
  position.vars.set("ansible_failed_result", result);
  position.vars.set("ansible_failed_task", { name: stop.entry.name, action: stop.entry.module });
  return outcome === "rescued" ? "rescued" : undefined;
}

/** A handler that was owed has had its turn. */
export function settleHandler(position: Position, { entry, handler }: Pick<TaskStop, "entry" | "handler">): void {
  if (!handler) return;
  position.unsure.delete(entry);
  position.owed.delete(entry);
}

/** Goes where a failure leads: to a rescue, through an always part, or to the end. */
export function leaveFailed(position: Position): "rescued" | "always" | "ended" {
  const stood = position.cursor.settle().stop?.path;
  const { cursor, outcome } = position.cursor.fail();
  position.cursor = cursor;
  position.turns = undefined;
  // What is undone needs no handlers.
  if (!cursor.guard) {
    for (const handler of position.guard?.notified ?? []) position.owed.delete(handler);
    position.guard?.notified.clear();
  }
  if (outcome !== "rescued") {
    position.failed = true;
    position.failedAt ??= stood;
  }
  if (outcome === "ended") position.ended = true;
  return outcome;
}

/** `maybe`: the task that notifies only if it changes something, which check mode cannot tell. */
function notify(
  seat: Seat,
  position: Position,
  variables: Variables,
  node: TaskStop["entry"]["notify"][number],
  maybe: string | undefined,
): void {
  const name = resolve(node, variables);
  if (typeof name !== "string") return;
  const block = position.cursor.guard;
  if (block && position.guard?.block !== block) position.guard = { block, notified: new Set(), armed: false };
  const notified = block && position.guard ? position.guard.notified : position.notified;
  for (const handler of handlersFor(seat, name, node)) {
    if (maybe === undefined) position.unsure.delete(handler);
    else if (!notified.has(handler)) position.unsure.set(handler, maybe);
    notified.add(handler);
    position.owed.add(handler);
  }
}

function overall(outcomes: readonly UnitOutcome[]): TaskStatus {
  for (const status of ["failed", "maybe", "changed", "ok"] as const) if (outcomes.some((o) => o.status === status)) return status;
  return "skipped";
}

function loopResult(seat: Seat, stop: TaskStop, outcomes: readonly UnitOutcome[], status: TaskStatus): Value {
  if (outcomes.some((o) => o.result instanceof Unknown))
    return new Unknown(stop.entry.name, shapeOf(stop.entry, moduleOf(seat.context, stop.entry)));
  return {
    results: outcomes.map((o) => o.result),
    changed: outcomes.some((o) => o.status === "changed"),
    failed: status === "failed",
    skipped: status === "skipped",
    msg: "",
  };
}

function eventOf(
  seat: Seat,
  stop: TaskStop,
  outcomes: readonly UnitOutcome[],
  status: TaskStatus,
  looped: boolean,
  variables: () => Variables,
  ignored: TaskEvent["ignored"],
): TaskEvent {
  const { entry } = stop;
  const at = placeOf(entry.at);
  const delegates = [...new Set(outcomes.flatMap((o) => o.delegate ?? []))];
  const telling = outcomes.find((o) => o.status === status) ?? outcomes[0];
  return {
    event: "task",
    host: seat.host.name,
    ...(delegates.length > 0 && { delegates }),
    role: entry.inherited.role?.name ?? "",
    task: nameOf(entry, variables),
    module: seat.context.modules.get(entry.module)?.name ?? entry.module,
    at: `${at.file}:${at.line}:${at.column}`,
    handler: stop.handler,
    status,
    changes: outcomes.flatMap((o) => o.changes),
    ...(looped && {
      items: outcomes.map((o) => ({
        item: o.item ?? "",
        status: o.status,
        changes: o.changes,
        ...(o.message !== undefined && { message: o.message }),
      })),
    }),
    ...(telling?.message !== undefined && { message: telling.message }),
    ...(telling?.waitsFor !== undefined && { waitsFor: telling.waitsFor }),
    ...(status === "failed" &&
      telling && {
        ...(telling.rc !== undefined && { rc: telling.rc }),
        ...(telling.stdout !== undefined && { stdout: telling.stdout }),
        ...(telling.stderr !== undefined && { stderr: telling.stderr }),
      }),
    ...(ignored && { ignored }),
    seconds: outcomes.reduce((sum, o) => sum + o.seconds, 0),
  };
}

/** Most tasks need no variables when they are over. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
