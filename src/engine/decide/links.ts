import { isOwn, type OwnStep, runsUserText } from "../../kernel/step.ts";
import type { Link } from "../../kernel/target.ts";
import { comparePaths, type TaskPath } from "./path.ts";
import type { Planned } from "./planned.ts";

/** A planned turn as a link of a chain. */
export interface PlannedLink {
  readonly planned: Planned;
  readonly link: Link;
}

/**
 * From the first turn that acts to the end: its guard, its steps, its proof. What the first stands on was just asked. The turns behind
 * the last one that acts do nothing, but that they have nothing to do must still be so: they are guarded like the others.
 * `behind`: something is done in front of the chain, so the first is guarded too.
 */
export function linksOf(due: readonly Planned[], behind = false): PlannedLink[] {
  const from = due.findIndex((p) => p.acts);
  return due.slice(from).flatMap((planned, i): PlannedLink[] => {
    const { decision } = planned;
    if (!decision) return [];
    const guard = i === 0 && !behind ? [] : (decision.guard ?? []);
    if (!planned.acts && guard.length === 0) return [];
    const steps = planned.acts ? decision.changes.flatMap((c) => c.steps).filter((s) => !isOwn(s)) : [];
    const { timeout } = planned.unit?.how ?? {};
    const bound = planned.acts && timeout !== undefined && { timeout };
    return [{ planned, link: { guard, steps, verify: planned.acts ? (decision.verify ?? []) : [], ...bound } }];
  });
}

/** What the engine itself does behind the steps of this turn. */
export function ownStepOf(planned: Planned): OwnStep | undefined {
  return planned.decision?.changes.flatMap((c) => c.steps).find(isOwn);
}

/** Does any of their steps run text of the user? Then the chain belongs to the work shell. */
export function holdUserText(due: readonly Planned[]): boolean {
  return due.some((p) => p.decision?.changes.some((c) => c.steps.some(runsUserText)));
}

/**
 * Where a host stops beside others: a step of unknown effect does not go together with what stands before it. `watched`: turns that
 * end it because nothing may be done before it is known that they succeeded.
 */
export function stretchEndOf(planned: readonly Planned[], watched: (planned: Planned) => boolean): TaskPath | undefined {
  const seen = planned.findIndex((p) => p.acts && watched(p));
  return endOf(seen < 0 ? planned : planned.slice(0, seen + 1));
}

function endOf(planned: readonly Planned[]): TaskPath | undefined {
  const unsure = planned.find((p) => p.acts && p.decision?.verify === undefined)?.stop.path;
  const before = unsure ? planned.filter((p) => comparePaths(p.stop.path, unsure) < 0) : [];
  return before.some((p) => p.acts) ? before.at(-1)?.stop.path : (unsure ?? planned.at(-1)?.stop.path);
}
