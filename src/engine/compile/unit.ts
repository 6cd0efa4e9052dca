import { isAbsolute, resolve as resolvePath } from "node:path";
import { identityOf } from "../../inventory/connection.ts";
import type { Host } from "../../inventory/model.ts";
import { nearest, refuse } from "../../kernel/diagnostic.ts";
import type { Question } from "../../kernel/fact.ts";
import { flatQuestions, type Module, type Prepared, type Surroundings } from "../../kernel/module.ts";
import type { Node } from "../../kernel/node.ts";
import type { Identity } from "../../kernel/target.ts";
import { holdsSecret, Secret, Unknown } from "../../kernel/value.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import { condition } from "../../template/condition.ts";
import { resolve } from "../../template/resolve.ts";
import { delegateOf } from "../course/delegate.ts";
import type { Bindings, Stop } from "../decide/cursor.ts";
import type { TaskPath } from "../decide/path.ts";
import { type Retry, retryOf } from "../decide/retry.ts";
import { argumentsOf } from "./arguments.ts";
import { contractOf } from "./contract.ts";
import type { HostVars } from "./hostvars.ts";
import { insteadOf } from "./instead.ts";
import { numberOf } from "./number.ts";
import type { CompiledPlay, Context } from "./program.ts";
import { checkReach } from "./reach.ts";
import type { Variables } from "./scope.ts";
import { surroundingsOf } from "./surroundings.ts";
import { nameOf } from "./taskname.ts";
import { variablesFor } from "./variables.ts";

export type TaskStop = Extract<Stop, { kind: "task" }>;

/** A host in a play: whose variables count. */
export interface Seat {
  readonly context: Context;
  readonly play: CompiledPlay;
  readonly host: Host;
  /** It begins the play here: what stands before is left out. */
  readonly from?: TaskPath;
}

/** A task on a host, once per turn of its loop, with everything resolved. */
export interface Unit {
  readonly module: Module;
  readonly prepared: Prepared;
  readonly questions: readonly Question[];
  readonly identity: Identity;
  /** The host that it is delegated to. */
  readonly delegate?: string;
  readonly check: boolean;
  /** An argument is a secret, so its questions may tell of one. */
  readonly secret: boolean;
  /** Texts that change are to be shown as diffs: the keyword, else `--diff`. */
  readonly diff: boolean;
  /** The name of the task, with its variables filled in. */
  readonly name: string;
  readonly how: Surroundings;
  /** Set when it is tried more than once. */
  readonly retry?: Retry;
  /** Hosts that may act at the same time. */
  readonly throttle?: number;
}

export type Resolved =
  | { readonly kind: "skipped"; readonly why: string }
  /** `ahead`: what can be asked although it is not known yet whether the task will run. */
  | {
      readonly kind: "waiting";
      readonly on: Unknown;
      readonly ahead: readonly Question[];
      readonly identity?: Identity;
      readonly raw: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "ready"; readonly unit: Unit };

/** The module of a task. Throws Refused with the nearest name. */
export function moduleOf(context: Context, task: TaskEntry): Module {
  const module = context.modules.get(task.module);
  if (module) return module;
  const near = nearest(task.module, [
    ...context.modules.keys(),
    "meta",
    "include_tasks",
    "import_tasks",
    "include_role",
    "import_role",
    "block",
  ]);
  return refuse(
    `"${task.module}" is neither a module nor a keyword of a task`,
    task.moduleAt,
    insteadOf(task.module) ?? (near ? `did you mean "${near}"?` : "see: rempart list modules"),
  );
}

/** All of the conditions, in order: the first that does not hold, or the first that is not known. */
export function gate(
  conditions: readonly Node[],
  variables: Variables,
): { readonly open: true } | { readonly open: false; readonly why: string } | Unknown {
  let waiting: Unknown | undefined;
  for (const node of conditions) {
    const holds = condition(node, variables);
    if (holds instanceof Unknown) waiting ??= holds;
    else if (!holds) return { open: false, why: node.kind === "scalar" ? `when: ${node.text}` : "when" };
  }
  return waiting ?? { open: true };
}

/** Resolves one turn of a task. Throws Refused for what is wrong with it. */
export function resolveUnit(seat: Seat, stop: TaskStop, bind: Bindings, vars: HostVars): Resolved {
  const { context, play, host } = seat;
  const task = stop.entry;
  const module = moduleOf(context, task);
  const variables = variablesFor(context, play, host, task.inherited, bind, vars);
  const open = gate(task.inherited.when, variables);
  if (!(open instanceof Unknown) && !open.open) return { kind: "skipped", why: open.why };
  const roleDir = task.inherited.role && resolvePath(task.inherited.role.dir);
  const place = {
    variables,
    playbookDir: context.playbookDir,
    roleDir: roleDir !== undefined && isAbsolute(roleDir) ? roleDir : undefined,
  };
  const how = surroundingsOf(task.inherited, variables);
  const args = argumentsOf(task, module, place, how instanceof Unknown ? {} : how);
  contractOf(task, module, args.raw);
  if (args.kind === "waiting") return { kind: "waiting", on: open instanceof Unknown ? open : args.on, ahead: [], raw: args.raw };
  if (how instanceof Unknown) return { kind: "waiting", on: open instanceof Unknown ? open : how, ahead: [], raw: args.raw };
  const questions = flatQuestions(args.prepared.questions);
  const delegate = task.inherited.delegateTo && delegateOf(seat, task.inherited.delegateTo, variables);
  if (delegate instanceof Unknown) return { kind: "waiting", on: delegate, ahead: [], raw: args.raw };
  checkReach(task, module, questions, delegate?.connection ?? play.connections.get(host.name));
  if (open instanceof Unknown) {
    return {
      kind: "waiting",
      on: open,
      ahead: questions.filter((q) => !q.fact.runsUserText),
      identity: identity(task, variables, delegate?.variables),
      raw: args.raw,
    };
  }
  const own = task.inherited.checkMode ? flag(task.inherited.checkMode, variables, "check_mode") : context.check;
  const unit = {
    module,
    prepared: args.prepared,
    questions,
    identity: identity(task, variables, delegate?.variables),
    ...(delegate && { delegate: delegate.host.name }),
    secret: holdsSecret(args.raw) || holdsSecret(how.environment),
    diff: task.inherited.diff ? flag(task.inherited.diff, variables, "diff") : context.diff,
    name: nameOf(task, () => variables),
    how,
    ...(task.retrying && { retry: retryOf(task.retrying, variables) }),
    ...(task.inherited.throttle && { throttle: numberOf(task.inherited.throttle, variables, "throttle", 0) }),
  };
  return { kind: "ready", unit: { ...unit, check: own || context.plan === true } };
}

/** Whom the task acts as; `delegate`: the variables of the host that it is delegated to. */
export function identity(task: Pick<TaskEntry, "inherited">, variables: Variables, delegate = variables): Identity {
  const { become, becomeUser, becomeMethod } = task.inherited;
  return identityOf((name) => delegate.get(name), {
    ...(become && { become: flag(become, variables, "become") }),
    ...(becomeUser && { user: word(becomeUser, variables) }),
    ...(becomeMethod && { method: word(becomeMethod, variables) }),
  });
}

/** A keyword that is true or false. */
export function flag(node: Node, variables: Variables, keyword: string): boolean {
  const value = resolve(node, variables);
  if (typeof value === "boolean") return value;
  return refuse(`${keyword} must be true or false`, node.at, value instanceof Unknown ? `it waits for ${value.waitsFor}` : undefined);
}

function word(node: Node, variables: Variables): string {
  const value = resolve(node, variables);
  if (typeof value === "string") return value;
  return refuse("a name is wanted here", node.at, value instanceof Secret ? "it cannot be a secret" : undefined);
}
