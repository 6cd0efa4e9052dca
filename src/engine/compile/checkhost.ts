import { refuse } from "../../kernel/diagnostic.ts";
import { Unknown, type Value } from "../../kernel/value.ts";
import type { Entry, TaskEntry } from "../../playbook/model.ts";
import { condition } from "../../template/condition.ts";
import { resolve } from "../../template/resolve.ts";
import type { Bindings } from "../decide/cursor.ts";
import { comparePaths, type TaskPath } from "../decide/path.ts";
import { checkGuarded, checkGuardedHandler, guardPort } from "../guard/guardcheck.ts";
import type { Findings } from "./findings.ts";
import { allHandlers, handlersFor } from "./handlers.ts";
import { HostVars } from "./hostvars.ts";
import { turn } from "./loop.ts";
import { checkDefaults } from "./moduledefaults.ts";
import type { CompiledPlay } from "./program.ts";
import { gathers } from "./reach.ts";
import { resultShape, shapeOf } from "./shape.ts";
import { isChosen } from "./tags.ts";
import { NoTurns, turnsOf } from "./turns.ts";
import { flag, gate, identity, moduleOf, resolveUnit, type Seat } from "./unit.ts";
import { variablesFor } from "./variables.ts";

const nothing: Bindings = new Map();

/** Throws Refused for what needs hosts that wait for one another. */
function checkTogether({ strategy }: CompiledPlay["play"], { inherited: { runOnce, anyErrorsFatal } }: TaskEntry): void {
  if (strategy === "linear") return;
  for (const [name, node] of [["run_once", runOnce] as const, ["any_errors_fatal", anyErrorsFatal] as const])
    if (node) refuse(`${name} needs the strategy linear: under free, hosts do not wait for one another`, node.at, "remove one of them");
}

/** Resolves every task of a play for a host as far as that can be done without the host, and notes what is wrong. */
export function checkHost(seat: Seat, findings: Findings): void {
  const vars = new HostVars();
  if (gathers(seat)) vars.set("facts", new Unknown("the facts of the host", seat.context.gather.shape));
  const check = new HostCheck(seat, vars, findings);
  check.entries(seat.play.play.entries, nothing, []);
  const left = check.handlers();
  // No task can notify them here: whether this host could do them does not matter.
  const nowhere = new HostCheck({ ...seat, play: { ...seat.play, connections: new Map() } }, vars, findings);
  for (const handler of left) nowhere.task(handler, nothing);
}

class HostCheck {
  readonly #seat: Seat;
  readonly #vars: HostVars;
  readonly #findings: Findings;
  /** What the tasks so far may notify; undefined: anything. */
  #notified: Set<TaskEntry> | undefined = new Set();

  constructor(seat: Seat, vars: HostVars, findings: Findings) {
    this.#seat = seat;
    this.#vars = vars;
    this.#findings = findings;
  }

  entries(entries: readonly Entry[], bind: Bindings, base: TaskPath): void {
    const { from } = this.#seat;
    for (const [i, entry] of entries.entries()) {
      const path = [...base, i];
      // Left out, so that nothing is registered either.
      if (from && entry.kind !== "block" && comparePaths(path, from) < 0) continue;
      if (entry.kind === "block") {
        this.#findings.collect(() => guardPort(entry, this.#variables(entry, bind)), entry.inherited.via);
        this.entries(entry.block, bind, [...path, 0]);
        if (entry.rescue.length > 0) {
          const failedTask: Value = new Unknown("the failed task");
          this.#vars.set("ansible_failed_result", failedTask);
          this.#vars.set("ansible_failed_task", failedTask);
        }
        this.entries(entry.rescue, bind, [...path, 1]);
        this.entries(entry.always, bind, [...path, 2]);
      } else if (entry.kind === "task") this.task(entry, bind);
      else this.#findings.collect(() => this.#include(entry, bind, path), entry.inherited.via);
    }
  }

  /** Those that may be notified; gives the others. */
  handlers(): readonly TaskEntry[] {
    let left = allHandlers(this.#seat);
    for (;;) {
      const due = left.filter((h) => this.#notified?.has(h) ?? true);
      if (due.length === 0) return left;
      left = left.filter((h) => !due.includes(h));
      for (const handler of due) this.task(handler, nothing);
    }
  }

  task(task: TaskEntry, bind: Bindings): void {
    const { options } = this.#seat.context;
    if (!isChosen(task, { tags: options.tags ?? [], skipTags: options.skipTags ?? [] })) return this.#registers(task);
    this.#findings.collect(() => this.#check(task, bind), task.inherited.via);
    this.#registers(task);
  }

  #check(task: TaskEntry, bind: Bindings): void {
    const variables = this.#variables(task, bind);
    if (task.module === "meta") {
      gate(task.inherited.when, variables);
      return;
    }
    const module = moduleOf(this.#seat.context, task);
    checkDefaults(task, this.#seat.context.modules);
    const items = turnsOf(this.#seat, task, bind, this.#vars);
    if (items instanceof NoTurns) return this.#refuseRoleName(task);
    const shape = items instanceof Unknown && items.shape.kind === "list" ? items.shape.of : undefined;
    const turns: readonly Value[] = items instanceof Unknown ? [new Unknown(items.waitsFor, shape)] : (items ?? [null]);
    for (const [i, item] of turns.entries()) {
      const inner = turn(task, bind, item, i, items ?? []);
      const resolved = resolveUnit(this.#seat, { kind: "task", entry: task, path: [], bind, handler: false }, inner, this.#vars);
      if (resolved.kind === "skipped") continue;
      checkTogether(this.#seat.play.play, task);
      checkGuarded(this.#seat.context, task, module, resolved);
      const own = this.#variables(task, inner);
      identity(task, own);
      if (task.inherited.runOnce) flag(task.inherited.runOnce, own, "run_once");
      if (task.inherited.anyErrorsFatal) flag(task.inherited.anyErrorsFatal, own, "any_errors_fatal");
      if (task.inherited.ignoreErrors) flag(task.inherited.ignoreErrors, own, "ignore_errors");
      const then = this.#vars.fork();
      if (task.register) then.set(task.register.text, new Unknown(task.name, resultShape(task, module)));
      const after = variablesFor(this.#seat.context, this.#seat.play, this.#seat.host, task.inherited, inner, then);
      for (const node of [task.changedWhen, task.failedWhen, task.retrying?.until]) if (node) condition(node, after);
      for (const node of task.notify) {
        const name = resolve(node, own);
        if (typeof name !== "string") {
          this.#notified = undefined;
          continue;
        }
        for (const handler of handlersFor(this.#seat, name, node)) {
          this.#notified?.add(handler);
          checkGuardedHandler(this.#seat.context, task, handler, node.at);
        }
      }
      const sets = resolved.kind === "ready" ? resolved.unit.prepared.sets : module.name === "set_fact" ? resolved.raw : undefined;
      for (const [name, value] of Object.entries(sets ?? {})) this.#vars.set(name, value as Value);
    }
    this.#refuseRoleName(task);
  }

  #refuseRoleName(task: TaskEntry): void {
    const role = this.#seat.play.play.roles.find((r) => r.options && r.name === task.register?.text);
    if (role && task.register) {
      const message = `a result may not be registered as "${role.name}": that name holds the options of the role`;
      this.#findings.add({ severity: "error", message, at: task.register.at, help: `write ${role.name}_result` });
    }
  }

  /** From here on the result is there, but not known. */
  #registers(task: TaskEntry): void {
    const module = this.#seat.context.modules.get(task.module);
    if (task.register && module) this.#vars.set(task.register.text, new Unknown(task.name, shapeOf(task, module)));
  }

  #include(entry: Extract<Entry, { kind: "include_tasks" | "include_role" }>, bind: Bindings, path: TaskPath): void {
    const items = turnsOf(this.#seat, entry, bind, this.#vars);
    if (items instanceof NoTurns) return;
    const turns: readonly Value[] = items instanceof Unknown ? [new Unknown(items.waitsFor)] : (items ?? [null]);
    for (const [i, item] of turns.entries()) {
      const inner = turn(entry, bind, item, i, items ?? []);
      const variables = this.#variables(entry, inner);
      const open = gate(entry.inherited.when, variables);
      if (!(open instanceof Unknown) && !open.open) continue;
      const name = resolve(entry.kind === "include_tasks" ? entry.file : entry.role, variables);
      const from = entry.kind === "include_role" && entry.tasksFrom ? resolve(entry.tasksFrom, variables) : undefined;
      if (typeof name !== "string" || (from !== undefined && typeof from !== "string")) {
        this.#notified = undefined;
        continue;
      }
      const { entries, role } = this.#seat.context.includes.load(entry, name, from);
      if (role && !this.#seat.play.included.includes(role)) this.#seat.play.included.push(role);
      this.entries(entries, inner, path);
    }
  }

  #variables(entry: Pick<Entry, "inherited">, bind: Bindings): ReturnType<typeof variablesFor> {
    return variablesFor(this.#seat.context, this.#seat.play, this.#seat.host, entry.inherited, bind, this.#vars);
  }
}
