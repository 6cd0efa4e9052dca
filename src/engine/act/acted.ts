import { NoAnswer, type Question } from "../../kernel/fact.ts";
import type { LinkResult, Performed } from "../../kernel/target.ts";
import type { HostVars } from "../compile/hostvars.ts";
import type { Seat } from "../compile/unit.ts";
import { leftToDo } from "../decide/decide.ts";
import { type Acted, conclude, type UnitOutcome } from "../decide/outcome.ts";
import type { Planned } from "../decide/planned.ts";
import { didNotConverge } from "../show/wording.ts";

/** An exchange that was entered. */
export type Acting = Exclude<Performed, { status: "refused" }>;

export interface AfterActing {
  readonly lookahead: boolean;
  readonly performed: Acting;
  /** Asks what the exchange did not answer. */
  readonly ask: (questions: readonly Question[]) => Promise<ReadonlyMap<string, unknown>>;
}

/** The outcome of a turn that was a link of a chain. */
export async function outcomeOf(
  seat: Seat,
  vars: HostVars,
  planned: Planned,
  result: LinkResult,
  after: AfterActing,
): Promise<UnitOutcome> {
  const { unit, decision, stop, bind, item } = planned;
  if (!unit || !decision || result.status === "moved") return planned.outcome;
  return conclude(seat, stop, bind, vars, unit, decision, await actedOf(unit, decision, result, after), item);
}

/** What the steps of a link led to: as predicted and proved in the chain, or as the answers say that were asked behind it. */
async function actedOf(
  unit: NonNullable<Planned["unit"]>,
  decision: NonNullable<Planned["decision"]>,
  result: Exclude<LinkResult, { status: "moved" }>,
  { lookahead, performed, ask }: AfterActing,
): Promise<Acted> {
  const { ran } = result;
  if (result.status === "failed") return { after: decision.before, ran, failure: result.why };
  if (result.status === "done" && decision.verify !== undefined && lookahead) return { after: decision.after, ran };
  if (unit.questions.length === 0) return { after: decision.after, ran };
  const asked = performed.status === "done" && result.status === "done";
  const answers = asked ? performed.answers : await ask(unit.questions);
  const silent = new NoAnswer("the target gave no answer");
  const after = new Map(unit.questions.map((q) => [q.id, answers.has(q.id) ? answers.get(q.id) : silent]));
  if (unit.prepared.kind !== "state") return { after, ran };
  const left = leftToDo(unit, after);
  if ("refused" in left) return { after, ran, failure: left.refused };
  const rest = left.changes.filter((c) => !c.pending);
  return { after, ran, ...(rest.length > 0 && { failure: didNotConverge(rest) }) };
}
