/** Signals that come this close together are one: a terminal signals the whole process group, and launchers pass theirs on. */
const together = 300;

/**
 * The first Ctrl-C lets the running tasks end, the second stops at once (exit code 130).
 * `tell` is called with what to say to the person; `leave` tidies the terminal before a hard stop.
 */
export function onInterrupt(tell: (message: string) => void, leave: () => void): AbortSignal {
  const controller = new AbortController();
  let last = Number.NEGATIVE_INFINITY;
  const handle = (): void => {
    const now = performance.now();
    if (now - last < together) return;
    last = now;
    if (controller.signal.aborted) {
      leave();
      process.exit(130);
    }
    controller.abort();
    tell("interrupted: the running tasks end first; interrupt again to stop at once");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, handle);
  return controller.signal;
}
