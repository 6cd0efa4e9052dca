import type { Change } from "../../kernel/change.ts";
import { isOwn, runsUserText, type Step } from "../../kernel/step.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import type { Decision } from "./decide.ts";

/** A chain ends at this many turns. */
export const longestChain = 500;

/** A chain ends at this many bytes. */
export const heaviest = 1024 * 1024;

/** Bytes of these changes in a chain, roughly. */
export function weightOf(changes: readonly Change[]): number {
  return changes.reduce((sum, c) => sum + c.steps.reduce((n, s) => n + weigh(s), 0), 0);
}

function weigh(step: Step): number {
  if (step.do !== "write") return 300;
  return 200 + (typeof step.content === "string" ? step.content.length : step.content.reveal().length);
}

/** Does a chain end behind a turn that acts? */
export function endsChain({ changedWhen, failedWhen, retrying }: TaskEntry, decision: Decision): boolean {
  // What the user wrote ends its chain even where nothing is to be asked behind it: whoever interrupts the run waits for one of them.
  const open = decision.verify === undefined || decision.changes.some((c) => c.steps.some(runsUserText));
  return open || retrying !== undefined || isRead(changedWhen) || isRead(failedWhen);
}

/** Is it alone in its chain: bytes come back from the target, or the engine itself does a step behind it? */
export function isAloneInChain({ changes }: Decision): boolean {
  return changes.some((c) => c.steps.some((s) => s.do === "download" || isOwn(s)));
}

/** A condition over the result needs it; `changed_when: true` does not. */
function isRead(condition: TaskEntry["changedWhen"]): boolean {
  return condition !== undefined && !(condition.kind === "scalar" && typeof condition.value === "boolean");
}
