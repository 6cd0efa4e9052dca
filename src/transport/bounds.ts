import type { Script } from "./script.ts";

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

/** What may take how long now: a step its own bound, a question that of silence and the time that it may need to settle. */
export function boundNow(script: Script, running: number | undefined, bounds: Bounds): number {
  if (running === undefined) {
    const settling = script.asks.filter((g) => g.settles).map((g) => g.fact.settle?.within ?? 0);
    return bounds.silence + 2 * Math.max(0, ...settling);
  }
  const step = script.steps[running]?.step;
  return (step && "timeout" in step ? step.timeout : undefined) ?? bounds.step;
}
