import { createLogUpdate } from "log-update";
import { scrub } from "../kernel/scrub.ts";
import { Activity } from "./activity.ts";
import { paint } from "./paint.ts";
import { lineListener } from "./plain.ts";
import type { Printer, View, ViewOptions } from "./view.ts";

/** Milliseconds between two pictures of the live part. */
const beat = 100;

/** Lines that stay above, and below them a live line per host that is busy. */
export function terminalView(out: NodeJS.WriteStream, lines: Printer, options: ViewOptions): View {
  const ink = paint(options.colour);
  const live = createLogUpdate(out);
  const activity = new Activity(() => performance.now());
  const listen = lineListener(lines, options);
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    if (activity.idle) return;
    live(scrub(activity.lines((out.columns ?? 80) - 1, Math.max(2, (out.rows ?? 24) - 2), ink).join("\n")));
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    live.clear();
  };
  return {
    listen(e) {
      activity.listen(e);
      if (e.event === "progress" || e.event === "connecting" || e.event === "connected") {
        if (activity.idle) stop();
        else timer ??= setInterval(draw, beat).unref();
        if (!(e.event === "connected" && options.verbose)) return;
      }
      live.clear();
      listen(e);
      if (e.event === "recap") stop();
    },
    close() {
      stop();
      live.done();
    },
  };
}
