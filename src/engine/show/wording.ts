import type { Change } from "../../kernel/change.ts";
import type { Refused } from "../../kernel/diagnostic.ts";
import { placeOf } from "../../kernel/span.ts";
import type { Unreachable } from "../../kernel/target.ts";
import { Cut, type Unknown } from "../../kernel/value.ts";

/** A refusal that turned up while running, as one message of a task. */
export function firstLine(error: Refused): string {
  return error.diagnostics
    .map((d) => {
      const at = d.at ? placeOf(d.at) : undefined;
      return `${d.message}${at ? ` (${at.file}:${at.line}:${at.column})` : ""}${d.help ? `; ${d.help}` : ""}`;
    })
    .join("\n");
}

export function didNotConverge(left: readonly Change[]): string {
  return `did not converge: after acting there is still something left to do: ${left.map(named).join("; ")}`;
}

function named({ subject, fields }: Change): string {
  return `${subject}${fields.length > 0 ? ` (${fields.map((f) => f.name).join(", ")})` : ""}`;
}

export function shellLost(why: string): string {
  return `${why}; what this task did is unknown: run again, the runner will ask for everything anew`;
}

export function cutOff(why: string): Unreachable {
  return { unreachable: why, help: "see that the host is up and reachable, then run again: a rerun does only what is left" };
}

/** A host that cannot go on because the one to which a task of it is delegated is lost. */
export function lostDelegate(delegate: string, task: string, gone: Unreachable): Unreachable {
  return { ...gone, unreachable: `${delegate}, to which "${task}" is delegated: ${gone.unreachable}` };
}

export function resumesAt(task: string): string {
  return `resumes at "${task}"`;
}

export function resumesEarlier(task: string): string {
  return `starts earlier than it came, at "${task}": what that registers or sets may be needed behind it`;
}

export function resumesFromStart(play: string): string {
  return `the playbook is not as it was: the play "${play}" begins at its first task`;
}

export function staysOwed({ handler, playName }: { readonly handler: string; readonly playName: string }): string {
  return `the handler "${handler}" of the play "${playName}" was owed to this host and is not in the playbook any more: see yourself that it is done`;
}

/** Handlers that an earlier run left undone. */
export function stillOwed(handlers: readonly string[]): string {
  return `an earlier run notified ${handlers.map((h) => `"${h}"`).join(", ")} here and ended before: rempart run --resume does that now`;
}

/** Why the plays behind are not run. */
export function notReached(why: string, plays: readonly string[]): string {
  return `${why}: not run: ${plays.join(", ")}`;
}

export function outputWasCut(task: string): string {
  return `the output of "${task}" was cut: it printed more than 1 MiB, so only its head and tail were kept; let the command print less`;
}

export function waitsFor(on: Unknown): string {
  return on instanceof Cut ? on.why : `a value is not known: it waits for ${on.waitsFor}`;
}

export function movedSincePlan(fact: string): string {
  return `${fact} is no longer as it was when the plan was made`;
}

export function unplannedChange(changes: readonly Change[]): string {
  return `the plan does not show this change: ${changes.map(named).join("; ")}; nothing of this task was done`;
}

/** `what`: a module, or the subject of a change. */
export function cannotBeUndone(what: string): string {
  return `${what}: how this would be put back is not known, so it has no place in a guarded block; do it before or behind the block`;
}

/** `seconds`: until the host acts by itself. */
export function leftUnproved(seconds: number): string {
  return `a guarded block was left in the middle: the host puts everything back by itself within ${seconds} s`;
}
