import type { AskGroup, Script } from "./script.ts";
import type { Transcript } from "./transcript.ts";

/** How long what may take, in seconds. */
export interface Bounds {
  /** From dialling to a login. */
  readonly connect: number;
  /** Starting a shell, prompts included. */
  readonly open: number;
  /** A step that names no bound of its own. */
  readonly step: number;
  /** Asking without a word in between. */
  readonly silence: number;
  /** For the killed to go. */
  readonly kill: number;
}

export const usualBounds: Bounds = { connect: 20, open: 30, step: 3600, silence: 120, kill: 10 };

/** Seconds that what runs now may still take, and the bound as a person knows it. */
export interface BoundNow {
  readonly left: number;
  readonly bound: number;
}

/** A step its own bound and what its link leaves it; a question its own, else that of silence and the time that it may need to settle. */
export function boundNow(script: Script, { running, steps, linked, answers }: Transcript, bounds: Bounds): BoundNow {
  if (running === undefined) return whole(linked ? askBound(script.asks[answers.size], bounds) : bounds.silence);
  const now = script.steps[running];
  if (!now) return whole(bounds.step);
  const own = whole(("timeout" in now.step ? now.step.timeout : undefined) ?? bounds.step);
  if (now.within === undefined) return own;
  const first = script.steps.find((s) => s.link === now.link);
  const begun = (first && steps.get(first.number)?.begun) ?? performance.now();
  const left = now.within - (performance.now() - begun) / 1000;
  return left < own.left ? { left, bound: now.within } : own;
}

function whole(bound: number): BoundNow {
  return { left: bound, bound };
}

function askBound(group: AskGroup | undefined, bounds: Bounds): number {
  if (group?.bound !== undefined) return group.bound;
  return bounds.silence + (group?.settles ? 2 * (group.fact.settle?.within ?? 0) : 0);
}
