import { refuse } from "../../kernel/diagnostic.ts";
import type { Module } from "../../kernel/module.ts";
import type { Span } from "../../kernel/span.ts";
import { Unknown } from "../../kernel/value.ts";
import { isPort } from "../../playbook/guard.ts";
import type { BlockEntry, TaskEntry } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import type { Context } from "../compile/program.ts";
import type { Variables } from "../compile/scope.ts";
import { moduleOf, type Resolved } from "../compile/unit.ts";

/** Throws Refused when a task in a guarded block does what nobody knows how to put back. */
export function checkGuarded(context: Context, task: TaskEntry, module: Module, resolved: Resolved): void {
  if (!task.inherited.guard) return;
  const kind = resolved.kind === "ready" ? resolved.unit.prepared.kind : module.kind;
  const asks = kind === "question" || (resolved.kind === "waiting" && resolved.raw.reads === true);
  if (!asks) lasting(context, module, task.moduleAt, `"${module.name}"`);
}

/** The same for a handler that such a task notifies: it runs inside the block. */
export function checkGuardedHandler(context: Context, task: TaskEntry, handler: TaskEntry, at: Span): void {
  if (!task.inherited.guard) return;
  const { runOnce, delegateTo } = handler.inherited;
  if (runOnce || delegateTo)
    refuse(
      `the handler "${handler.name}" has no place in a guarded block: it does not run on each host itself`,
      at,
      "notify it before or behind the block",
    );
  const module = moduleOf(context, handler);
  if (module.kind !== "question") lasting(context, module, at, `the handler "${handler.name}" (${module.name})`);
}

function lasting(context: Context, module: Module, at: Span, what: string): void {
  if (module.undoable || module.controller) return;
  const undoable = [...new Set(context.modules.values())].filter((m) => m.undoable).map((m) => m.name);
  refuse(
    `${what} has no place in a guarded block: how to put back what it does is not known`,
    at,
    `put it before or behind the block; inside may stand what only asks, and ${undoable.join(", ")}`,
  );
}

/** Where sshd will listen behind the block; undefined where the connection's own port is meant. Throws Refused when it is no port. */
export function guardPort({ guard }: BlockEntry, variables: Variables): number | Unknown | undefined {
  if (!guard?.port) return undefined;
  const port = resolve(guard.port, variables);
  return port instanceof Unknown || isPort(port) ? port : refuse("port must be a number from 1 to 65535", guard.port.at);
}
