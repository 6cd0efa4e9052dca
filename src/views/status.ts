import type { TaskStatus } from "../kernel/event.ts";
import type { Paint } from "./paint.ts";

interface Titled {
  readonly status: TaskStatus;
  readonly ignored?: "ignore_errors" | "rescued";
}

/** The word of a status for people, in its colour and padded to the longest one. */
export function statusWord(o: Titled, check: boolean, ink: Paint): string {
  return inkOf(o, ink)(word(o, check).padEnd(statusWidth(check)));
}

/** Columns of the longest status. */
export function statusWidth(check: boolean): number {
  return check ? "would change".length : "changed".length;
}

function word(o: Titled, check: boolean): string {
  if (o.ignored) return o.ignored === "rescued" ? "rescued" : "ignored";
  return o.status === "changed" && check ? "would change" : o.status;
}

function inkOf(o: Titled, ink: Paint): (text: string) => string {
  if (o.ignored) return ink.changed;
  switch (o.status) {
    case "ok":
      return ink.ok;
    case "changed":
    case "maybe":
      return ink.changed;
    case "skipped":
      return ink.dim;
    case "failed":
    case "unreachable":
      return ink.bad;
  }
}
