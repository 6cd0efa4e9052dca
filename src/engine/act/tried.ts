import { Refused } from "../../kernel/diagnostic.ts";
import { isMap, Unknown, type Value } from "../../kernel/value.ts";
import { condition } from "../../template/condition.ts";
import type { HostVars } from "../compile/hostvars.ts";
import type { Seat, TaskStop, Unit } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import type { Bindings } from "../decide/cursor.ts";
import { maybe, type UnitOutcome } from "../decide/outcome.ts";
import type { Retry } from "../decide/retry.ts";
import { firstLine } from "../show/wording.ts";

/** How one try ended. */
export interface Tried {
  readonly outcome: UnitOutcome;
  /** It is to be tried again. */
  readonly again: boolean;
}

/** Takes the outcome of one try of a turn for what it means under `until` and `retries`. `before`: the tries before it. */
export function tried(seat: Seat, stop: TaskStop, bind: Bindings, vars: HostVars, unit: Unit, outcome: UnitOutcome, before: number): Tried {
  const { retry } = unit;
  if (!retry || outcome.status === "skipped" || outcome.status === "maybe") return { outcome, again: false };
  const attempts = before + 1;
  const counted = { ...outcome, result: withAttempts(outcome.result, attempts) };
  const enough = holds(retry, seat, stop, bind, vars, counted);
  if (enough instanceof Unknown) return { outcome: maybe(unit, enough.waitsFor, stop.entry, outcome.item), again: false };
  if (enough === true) return { outcome: counted, again: false };
  if (attempts < retry.tries) return { outcome: counted, again: true };
  return { outcome: gaveUp(counted, retry, attempts, enough === false ? undefined : enough), again: false };
}

/** A text says why it cannot be told. */
function holds(
  { until }: Retry,
  seat: Seat,
  { entry }: TaskStop,
  bind: Bindings,
  vars: HostVars,
  outcome: UnitOutcome,
): boolean | string | Unknown {
  if (!until) return outcome.status !== "failed";
  const then = vars.fork();
  if (entry.register) then.set(entry.register.text, outcome.result);
  try {
    return condition(until, variablesFor(seat.context, seat.play, seat.host, entry.inherited, bind, then));
  } catch (error) {
    // What failed early has not all the fields that the condition reads.
    if (error instanceof Refused) return firstLine(error);
    throw error;
  }
}

function gaveUp(outcome: UnitOutcome, { until }: Retry, attempts: number, wrong: string | undefined): UnitOutcome {
  const times = attempts === 1 ? "1 try" : `${attempts} tries`;
  const condition = until === undefined || until.kind !== "scalar" ? "" : `until: ${until.text}`;
  const why = outcome.status === "failed" ? (outcome.message ?? "") : (wrong ?? condition);
  const message = `gave up after ${times}; ${why}`;
  const { result } = outcome;
  return {
    ...outcome,
    status: "failed",
    message,
    result: isMap(result) ? { ...result, changed: false, failed: true, msg: message } : result,
  };
}

function withAttempts(result: Value, attempts: number): Value {
  return isMap(result) ? { ...result, attempts } : result;
}
