import type { Change } from "../../kernel/change.ts";
import { LookedAtNoAnswer, type Question } from "../../kernel/fact.ts";
import type { Expectation } from "../../kernel/target.ts";
import { identityKey } from "../../kernel/target.ts";
import { surrounded } from "../compile/surroundings.ts";
import type { Unit } from "../compile/unit.ts";
import { expectations, type Knowledge, type Known } from "./knowledge.ts";

/** What is to be done for a unit, and what that stands on. */
export interface Decision {
  readonly changes: readonly Change[];
  /** By question id. */
  readonly before: ReadonlyMap<string, unknown>;
  /** As predicted; the same as before when nothing is to be done. */
  readonly after: ReadonlyMap<string, unknown>;
  /** What was known of each question, in their order. */
  readonly standsOn: readonly StandsOn[];
  /** Set when it stands on a prediction of this task that leaves something open; what it returns is then open too. */
  readonly partly?: string;
  /** Objects of which it takes for granted that a planned step brings them. */
  readonly assumed?: ReadonlySet<string>;
  /** Undefined when the answers cannot be guarded: then the unit must begin a chain. */
  readonly guard: readonly Expectation[] | undefined;
  /** Undefined when what the steps lead to cannot be told exactly: then the unit ends its chain. */
  readonly verify: readonly Expectation[] | undefined;
}

export interface StandsOn {
  readonly question: Question;
  readonly known: Known;
}

export type Decided =
  | { readonly kind: "needs"; readonly questions: readonly Question[] }
  /** The prediction of `by` does not say enough to decide this. */
  | { readonly kind: "blind"; readonly by: string }
  /** `missing` is set when the target could not answer, so that an earlier planned step might be what it takes. */
  | { readonly kind: "refused"; readonly why: string; readonly before: ReadonlyMap<string, unknown> }
  | { readonly kind: "decided"; readonly decision: Decision };

/** Decides one unit over what is known. Pure. */
export function decide(unit: Unit, knowledge: Knowledge): Decided {
  const as = identityKey(unit.identity);
  const known: StandsOn[] = [];
  const needs: Question[] = [];
  let partly: string | undefined;
  const programs = unit.check && unit.prepared.kind === "question" ? unit.questions.filter((q) => !q.fact.write) : [];
  for (const question of programs) {
    const waits = knowledge.unsettles(question);
    if (waits !== undefined) return { kind: "blind", by: waits };
  }
  for (const question of unit.questions) {
    const answer = knowledge.about(as, question);
    if (!answer) {
      needs.push(question);
      continue;
    }
    if (answer.predictedBy !== undefined && answer.record === undefined && question.fact.write) {
      if (!unit.check || !question.fact.enough?.(question.key, answer.value)) return { kind: "blind", by: answer.predictedBy };
      partly = answer.predictedBy;
    }
    known.push({ question, known: answer });
  }
  if (needs.length > 0) return { kind: "needs", questions: needs };
  const before = new Map(known.map((k) => [k.question.id, k.known.value]));
  const planned = planOrWhy(unit, before);
  if ("refused" in planned) return broughtFirst(unit, known, before, knowledge) ?? { kind: "refused", why: planned.refused, before };
  const guard = expectations(known);
  const ground = { before, standsOn: known, guard, ...(partly !== undefined && { partly }) };
  if (planned.changes.length > 0)
    return { kind: "decided", decision: { changes: planned.changes, ...ground, ...predicted(unit, planned.changes, before, knowledge) } };
  const by = unit.check ? doubted(unit, before, knowledge) : undefined;
  if (by !== undefined) return { kind: "blind", by };
  return { kind: "decided", decision: { changes: [], after: before, ...ground, verify: [] } };
}

/** Refused for want of something that a planned step may bring: if it does, there is something to do. */
function broughtFirst(unit: Unit, known: readonly StandsOn[], before: Decision["before"], knowledge: Knowledge): Decided | undefined {
  const missing = (unit.check ? known : []).flatMap(({ question }): [Question, unknown][] => {
    const value = before.get(question.id);
    const brought = knowledge.doubt(question, value) && question.fact.brought?.(question.key, value);
    return brought === undefined ? [] : [[question, brought]];
  });
  // One thing alone first: what is not in the way stays as it is.
  for (const some of [...missing.map((one) => [one]), missing]) {
    const then = new Map(before);
    for (const [question, brought] of some) then.set(question.id, brought);
    const planned = planOrWhy(unit, then);
    if ("refused" in planned || planned.changes.length === 0) continue;
    const { after } = predicted(unit, planned.changes, then, knowledge);
    const assumed = new Set(some.map(([question]) => question.object));
    const { changes } = planned;
    return { kind: "decided", decision: { changes, before: then, after, standsOn: known, assumed, guard: undefined, verify: undefined } };
  }
  return undefined;
}

/** The planned task that may still make a difference where there is none now. */
function doubted(unit: Unit, before: ReadonlyMap<string, unknown>, knowledge: Knowledge): string | undefined {
  for (const question of unit.questions) {
    const doubt = knowledge.doubt(question, before.get(question.id));
    if (!doubt) continue;
    const then = planOrWhy(unit, new Map(before).set(question.id, doubt.instead));
    if ("refused" in then || then.changes.length > 0) return doubt.by;
  }
  return undefined;
}

function planOrWhy(
  unit: Unit,
  answers: ReadonlyMap<string, unknown>,
): { readonly changes: readonly Change[] } | { readonly refused: string } {
  try {
    const plan = unit.prepared.plan(answers);
    return "refused" in plan ? plan : { changes: surrounded(plan, unit.how) };
  } catch (error) {
    if (error instanceof LookedAtNoAnswer) return { refused: error.message };
    throw error;
  }
}

/** What is left to be done on these answers: the proof that a state was reached. */
export function leftToDo(
  unit: Unit,
  answers: ReadonlyMap<string, unknown>,
): { readonly changes: readonly Change[] } | { readonly refused: string } {
  return planOrWhy(unit, answers);
}

function predicted(
  unit: Unit,
  changes: readonly Change[],
  before: ReadonlyMap<string, unknown>,
  knowledge: Knowledge,
): Pick<Decision, "after" | "verify"> {
  const then = knowledge.fork();
  then.plan(changes, "");
  const as = identityKey(unit.identity);
  const known = unit.questions.map((question) => ({
    question,
    known: then.about(as, question) ?? { value: before.get(question.id), record: undefined },
  }));
  const after = new Map(known.map((k) => [k.question.id, k.known.value]));
  const exact = !changes.some((c) => c.opaque && !c.goesOn) && unit.prepared.kind === "state";
  const left = exact ? planOrWhy(unit, after) : undefined;
  const settled = left !== undefined && "changes" in left && left.changes.length === 0;
  return { after, verify: settled ? expectations(known) : undefined };
}
