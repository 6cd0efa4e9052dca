import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Event } from "../kernel/event.ts";
import { scrub } from "../kernel/scrub.ts";

/**
 * The event with every text of it scrubbed of known secrets. Done before a view cuts, wraps or indents a text: half a
 * secret is not found any more.
 */
export function cleanEvent(event: Event): Event {
  return event.event === "diagnostic" ? { event: "diagnostic", diagnostic: cleanDiagnostic(event.diagnostic) } : deep(event);
}

/** Sources stay whole, so that the places still fit; the line that is shown is scrubbed when it is printed. */
function cleanDiagnostic(d: Diagnostic): Diagnostic {
  return { ...d, message: scrub(d.message), ...(d.help !== undefined && { help: scrub(d.help) }) };
}

function deep<T>(value: T): T;
function deep(value: unknown): unknown {
  if (typeof value === "string") return scrub(value);
  if (Array.isArray(value)) return value.map((v: unknown) => deep(v));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]: [string, unknown]) => [k, deep(v)]));
}
