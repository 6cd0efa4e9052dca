/** How a command ended; several can be true at once. */
export interface Outcome {
  readonly interrupted?: boolean;
  /** The command line or a file is wrong: nothing was connected. */
  readonly wrongInput?: boolean;
  readonly unreachable?: boolean;
  readonly failed?: boolean;
  /** Something was thrown that should have been a value: connections may still be open. */
  readonly bug?: boolean;
  /** Something is still to be changed, and the caller asked for an exit code that says so. */
  readonly pending?: boolean;
}

/** Done, or nothing to do. */
export const done: Outcome = {};

export const wrongInput: Outcome = { wrongInput: true };

/** The one place that knows exit codes; when several hold, the first of this list wins. */
export function exitCode(o: Outcome): number {
  if (o.interrupted) return 130;
  if (o.wrongInput) return 3;
  if (o.unreachable) return 4;
  if (o.failed || o.bug) return 1;
  if (o.pending) return 2;
  return 0;
}
