import type { RetryEvent } from "../kernel/event.ts";
import { duration } from "./duration.ts";
import type { Paint } from "./paint.ts";
import { statusWidth } from "./status.ts";
import { type TaskLook, taskName } from "./task.ts";
import { visible } from "./visible.ts";

/** The line of a task that is tried again. */
export function retryLines(e: RetryEvent, { check, hostWidth }: Pick<TaskLook, "check" | "hostWidth">, ink: Paint): string[] {
  const item = e.item === undefined ? "" : ` (${visible(e.item).replaceAll("\n", " ")})`;
  const next = ink.dim(`  (attempt ${e.attempt} of ${e.of}, next in ${duration(e.seconds)})`);
  const why = visible(e.message).trimEnd().split("\n")[0] ?? "";
  const head = `${ink.changed("retry".padEnd(statusWidth(check)))}  ${e.host.padEnd(hostWidth)}  ${taskName({ ...e, handler: false })}${item}${next}`;
  return why === "" ? [head] : [head, `    ${why}`];
}
