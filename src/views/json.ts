import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Event } from "../kernel/event.ts";
import { placeOf, type Span } from "../kernel/span.ts";
import type { JsonEvent } from "./json-schema.ts";
import type { Printer, View } from "./view.ts";

/** One event per line, as docs/events.md describes them. Diagnostics are among them, so all of it is on `out`. */
export function jsonView(lines: Printer): View {
  return { listen: (e) => lines.out(`${JSON.stringify(jsonEvent(e))}\n`), close: () => undefined };
}

/** The event as it is printed: a diagnostic with places instead of source texts, everything else as it is. */
export function jsonEvent(e: Event): JsonEvent {
  return e.event === "diagnostic" ? { event: "diagnostic", ...diagnostic(e.diagnostic) } : e;
}

function diagnostic(d: Diagnostic): Omit<Extract<JsonEvent, { event: "diagnostic" }>, "event"> {
  return {
    severity: d.severity,
    message: d.message,
    ...(d.at && placeOf(d.at)),
    ...(d.help !== undefined && { help: d.help }),
    ...(d.via && d.via.length > 0 && { via: d.via.map(placeOfSpan) }),
  };
}

function placeOfSpan(span: Span): string {
  const { file, line, column } = placeOf(span);
  return `${file}:${line}:${column}`;
}
