import { Refused } from "../../kernel/diagnostic.ts";
import type { ShownChange, TaskStatus } from "../../kernel/event.ts";
import type { StepResult } from "../../kernel/step.ts";
import { Cut, type Shape, Unknown, type Value } from "../../kernel/value.ts";
import { condition } from "../../template/condition.ts";
import type { HostVars } from "../compile/hostvars.ts";
import { resultShape } from "../compile/shape.ts";
import type { Seat, TaskStop, Unit } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import { showChanges } from "../show/show.ts";
import { firstLine, outputWasCut } from "../show/wording.ts";
import type { Bindings } from "./cursor.ts";
import type { Decision } from "./decide.ts";

/** How one turn of a task ended. */
export interface UnitOutcome {
  readonly status: TaskStatus;
  /** What `register` gets. */
  readonly result: Value;
  readonly changes: readonly ShownChange[];
  readonly message?: string;
  readonly waitsFor?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly rc?: number;
  readonly seconds: number;
  readonly sets?: ReadonlyMap<string, Value>;
  /** The turn of the loop, for people. */
  readonly item?: string;
  /** The host that it was delegated to. */
  readonly delegate?: string;
}

/** What acting (or, in check mode, planning) led to. */
export interface Acted {
  readonly after: ReadonlyMap<string, unknown>;
  readonly ran: readonly StepResult[];
  /** Set when a step failed, a write refused, or the state did not converge. */
  readonly failure?: string;
  /** In check mode, where the result of an action is not there. */
  readonly planned?: true;
}

export function skipped(why: string, item?: string): UnitOutcome {
  return {
    status: "skipped",
    message: why,
    changes: [],
    seconds: 0,
    result: resultWith("skipped", why, {}),
    ...(item !== undefined && { item }),
  };
}

export function failed(why: string, item?: string): UnitOutcome {
  return {
    status: "failed",
    message: why,
    changes: [],
    seconds: 0,
    result: resultWith("failed", why, {}),
    ...(item !== undefined && { item }),
  };
}

/** Cannot be told before another task has run. */
export function maybe(
  unit: { readonly module: Unit["module"] },
  waitsFor: string,
  task: TaskStop["entry"],
  item?: string,
  sets?: ReadonlyMap<string, Value>,
): UnitOutcome {
  const result = new Unknown(task.name, resultShape(task, unit.module));
  return { status: "maybe", waitsFor, changes: [], seconds: 0, result, ...(item !== undefined && { item }), ...(sets && { sets }) };
}

/** Turns a decision and what became of it into the outcome, `changed_when` and `failed_when` included. */
export function conclude(
  seat: Seat,
  stop: TaskStop,
  bind: Bindings,
  vars: HostVars,
  unit: Unit,
  decision: Decision,
  acted: Acted,
  item?: string,
): UnitOutcome {
  const { prepared } = unit;
  const raw = { before: decision.before, after: acted.after, ran: acted.ran };
  const open = acted.planned ? (decision.verify ? undefined : stop.entry.name) : decision.partly;
  const own = open === undefined ? withoutCut(prepared.resultOf(raw), stop) : openResult(stop, unit, open, prepared.resultSoFar(raw));
  let changed = prepared.changed?.(raw) ?? decision.changes.length > 0;
  // A question proves itself without a step: its answer is before and after.
  const unproved = acted.planned || (acted.ran.length === 0 && prepared.kind !== "question");
  let failure = acted.failure ?? (unproved ? undefined : prepared.proof(raw));
  const message = prepared.says;
  const result = (): Value => resultWith(failure !== undefined ? "failed" : changed ? "changed" : "ok", failure ?? message ?? "", own);
  const judged = judge(seat, stop, bind, vars, result());
  if (judged instanceof Unknown) return maybe(unit, judged.waitsFor, stop.entry, item);
  if ("wrong" in judged) failure = judged.wrong;
  else {
    if (judged.failed !== undefined) failure = judged.failed ? `failed_when: ${judged.text ?? ""}` : undefined;
    if (judged.changed !== undefined) changed = judged.changed;
  }
  const last = failure === undefined ? undefined : acted.ran.at(-1);
  return {
    status: failure !== undefined ? "failed" : changed ? "changed" : "ok",
    result: result(),
    changes: showChanges(decision.changes, unit.diff, unit.diff && !seat.context.diff),
    seconds: acted.ran.reduce((sum, r) => sum + r.seconds, 0),
    ...(failure !== undefined ? { message: failure } : message !== undefined && { message }),
    ...(last && { rc: last.rc, stdout: last.stdout, stderr: last.stderr }),
    ...(prepared.sets && { sets: new Map(Object.entries(prepared.sets) as [string, Value][]) }),
    ...(item !== undefined && { item }),
  };
}

interface Judged {
  readonly changed?: boolean;
  readonly failed?: boolean;
  readonly text?: string;
}

/** `changed_when` and `failed_when` over the result. */
function judge(seat: Seat, stop: TaskStop, bind: Bindings, vars: HostVars, result: Value): Judged | { readonly wrong: string } | Unknown {
  const { changedWhen, failedWhen, register } = stop.entry;
  if (!changedWhen && !failedWhen) return {};
  const then = vars.fork();
  if (register) then.set(register.text, result);
  const variables = variablesFor(seat.context, seat.play, seat.host, stop.entry.inherited, bind, then);
  try {
    const isFailed = failedWhen && condition(failedWhen, variables);
    const isChanged = changedWhen && condition(changedWhen, variables);
    if (isFailed instanceof Unknown) return isFailed;
    if (isChanged instanceof Unknown) return isChanged;
    const text = failedWhen?.kind === "scalar" ? failedWhen.text : "";
    return { ...(isFailed !== undefined && { failed: isFailed, text }), ...(isChanged !== undefined && { changed: isChanged }) };
  } catch (error) {
    if (error instanceof Refused) return { wrong: firstLine(error) };
    throw error;
  }
}

/** What an action will return is not known before it has run, but for what the module can tell already; that it changes something is. */
function openResult(stop: TaskStop, unit: Unit, by: string, known: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shape = resultShape(stop.entry, unit.module);
  return shape.kind === "object" ? filled(shape.fields, known, by) : {};
}

function filled(fields: Readonly<Record<string, Shape>>, known: Readonly<Record<string, unknown>>, by: string): Record<string, unknown> {
  const value = (name: string, of: Shape): unknown => {
    const now = known[name];
    if (now === undefined) return new Unknown(by, of);
    return of.kind === "object" ? filled(of.fields, now as Readonly<Record<string, unknown>>, by) : now;
  };
  return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, value(name, of)]));
}

/** Output of which only head and tail were kept is not to be taken for the whole. */
function withoutCut(own: Readonly<Record<string, unknown>>, stop: TaskStop): Readonly<Record<string, unknown>> {
  if (own.cut !== true) return own;
  const cut = new Cut(stop.entry.name, outputWasCut(stop.entry.name));
  return { ...own, stdout: cut, stdout_lines: cut, stderr: cut, stderr_lines: cut };
}

/** The common fields over the module's own. */
export function resultWith(
  status: "ok" | "changed" | "failed" | "skipped",
  message: string,
  own: Readonly<Record<string, unknown>>,
): Value {
  return {
    ...(own as Record<string, Value>),
    changed: status === "changed",
    failed: status === "failed",
    skipped: status === "skipped",
    msg: message,
  };
}
