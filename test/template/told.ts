import { Refused } from "../../src/kernel/diagnostic.ts";
import { placeOf } from "../../src/kernel/span.ts";
import { Secret, Unknown, type Value } from "../../src/kernel/value.ts";

/** What came out of an evaluation, as the case files write it. */
export interface Told {
  is?: unknown;
  secret?: string;
  /** The task that is waited for, and the kind of value that it will be. */
  waits?: string;
  error?: string;
}

/** Runs and tells: a value, a secret, an Unknown, or the refusal as `line:column [text under the caret] message -- help`. */
export function told(run: () => Value): Told {
  try {
    const value = run();
    if (value instanceof Secret) return { secret: value.reveal() };
    if (value instanceof Unknown) return { waits: `${value.waitsFor} (${value.shape.kind})` };
    return { is: value };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { error: error.diagnostics.map(oneLine).join("\n") };
  }
}

function oneLine({ at, message, help }: Refused["diagnostics"][number]): string {
  if (!at) return `nowhere: ${message}`;
  const { line, column } = placeOf(at);
  return `${line}:${column} [${at.source.text.slice(at.start, at.end)}] ${message}${help ? ` -- ${help}` : ""}`;
}
