import { type Event, neverEvent } from "../kernel/event.ts";
import { diagnosticText } from "./diagnostic.ts";
import { paint } from "./paint.ts";
import { recapLines } from "./recap.ts";
import { retryLines } from "./retry.ts";
import { taskLines } from "./task.ts";
import type { Printer, View, ViewOptions } from "./view.ts";
import { visible } from "./visible.ts";

/** Where lines go that stay: results to `out`, complaints to `err`. */
export type Lines = Printer;

/** Lines in the order of the events, without control codes: for a pipe or a log. */
export function plainView(lines: Lines, options: ViewOptions): View {
  return { listen: lineListener(lines, options), close: () => undefined };
}

/** The lines that stay, for every event; the terminal view prints the same. */
export function lineListener(lines: Lines, options: ViewOptions): (event: Event) => void {
  const ink = paint(options.colour);
  const out = (...text: readonly string[]): void => {
    if (text.length > 0) lines.out(`${text.join("\n")}\n`);
  };
  let check = false;
  let hostWidth = 0;
  return (e) => {
    switch (e.event) {
      case "start":
        check = e.check;
        hostWidth = Math.max(0, ...e.hosts.map((h) => h.length));
        return;
      case "play":
        if (e.hosts.length === 0) return;
        return out(ink.strong(`play ${visible(e.play)}`) + ink.dim(`  (${count(e.hosts.length, "host")}, ${count(e.tasks, "task")})`));
      case "connecting":
      case "progress":
        return;
      case "connected":
        if (options.verbose) out(`connected  ${e.host}${ink.dim(`  (${e.seconds.toFixed(1)}s)`)}`);
        return;
      case "task":
        return out(...taskLines(e, { ...options, check, hostWidth }, ink));
      case "retry":
        return out(...retryLines(e, { check, hostWidth }, ink));
      case "host":
        return out(
          `${ink.bad(e.status)}  ${e.host}  ${rest(e.message)}`,
          ...(e.help ? [`    ${ink.strong("help:")} ${rest(e.help)}`] : []),
        );
      case "warning":
        return lines.err(
          `${e.at ? `${visible(e.at)}: ` : ""}${ink.changed("warning:")} ${e.host ? `${e.host}: ` : ""}${rest(e.message)}\n`,
        );
      case "diagnostic":
        return lines.err(diagnosticText(e.diagnostic, ink));
      case "recap":
        return out("", ...recapLines(e.hosts, e.seconds, e.check, ink));
      default:
        return neverEvent(e);
    }
  };
}

function rest(text: string): string {
  return visible(text).trimEnd().replaceAll("\n", "\n    ");
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}
