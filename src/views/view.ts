import type { Listener } from "../kernel/event.ts";

/** Turns events into text. */
export interface View {
  readonly listen: Listener;
  /** Leaves the terminal tidy; after it the view prints nothing more. Called also when a run is interrupted. */
  readonly close: () => void;
}

/** Where a view prints; the texts were scrubbed by then (see printer.ts). */
export interface Printer {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export interface ViewOptions {
  /** Show the lines of ok and skipped tasks too. */
  readonly verbose: boolean;
  /** Show unified diffs. */
  readonly diff: boolean;
  readonly colour: boolean;
  /** Takes the lines that stay, in place of the output; the live part goes on there. */
  readonly keep?: (text: string) => void;
}
