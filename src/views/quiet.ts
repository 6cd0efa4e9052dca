import type { Event } from "../kernel/event.ts";
import { lineListener } from "./plain.ts";
import type { Printer, View, ViewOptions } from "./view.ts";

/** Only what went wrong: for cron and timers, which mail whatever is printed. */
export function quietView(lines: Printer, options: ViewOptions): View {
  const all = lineListener(lines, { ...options, verbose: false });
  return { listen: (e) => (e.event === "start" || isTrouble(e) ? all(e) : undefined), close: () => undefined };
}

function isTrouble(e: Event): boolean {
  if (e.event === "task") return (e.status === "failed" || e.status === "unreachable") && e.ignored === undefined;
  return e.event === "host" || e.event === "warning" || e.event === "diagnostic";
}
