import type { ItemOutcome, TaskEvent } from "../kernel/event.ts";
import { changeLines } from "./changes.ts";
import { duration } from "./duration.ts";
import type { Paint } from "./paint.ts";
import { statusWord } from "./status.ts";
import type { ViewOptions } from "./view.ts";
import { visible } from "./visible.ts";

export interface TaskLook extends ViewOptions {
  readonly check: boolean;
  /** Columns for the host's name. */
  readonly hostWidth: number;
  /** Nothing ran, so no seconds are told. */
  readonly timeless?: true;
}

/** Lines of output of a failed step that are shown without -v: the last ones. */
const outputLines = 20;

/** The lines of one task, without a newline at the end; none for a task that needs no line. */
export function taskLines(e: TaskEvent, look: TaskLook, ink: Paint): string[] {
  const calm = e.status === "ok" || e.status === "skipped";
  if (calm && !look.verbose && (e.message === undefined || e.status === "skipped")) return [];
  const seconds = calm || look.timeless ? "" : ink.dim(`  (${duration(e.seconds)})`);
  const detail = [
    ...(e.items ?? []).flatMap((item) => itemLines(item, look, ink)),
    ...(e.items ? [] : changeLines(e.changes, look.diff, ink)),
    // Of a loop, the turn has said it.
    ...(e.items?.some((item) => item.message === e.message) ? [] : message(e)),
    ...(e.waitsFor !== undefined ? [`waits for ${JSON.stringify(visible(e.waitsFor))}`] : []),
    ...(e.status === "failed" ? evidence(e, look, ink) : []),
  ];
  const head = `${statusWord(e, look.check, ink)}  ${where(e).padEnd(look.hostWidth)}  ${taskName(e)}${seconds}`;
  return [head, ...detail.map((line) => `    ${line}`)];
}

/** `web`, or `web -> backup` where it was delegated. */
function where({ host, delegates = [] }: TaskEvent): string {
  return delegates.length > 0 ? `${host} -> ${delegates.join(", ")}` : host;
}

/** `role : task`, as people say it. */
export function taskName(e: Pick<TaskEvent, "role" | "task" | "handler">): string {
  return visible(`${e.role ? `${e.role} : ` : ""}${e.task}`).replaceAll("\n", " ") + (e.handler ? "  [handler]" : "");
}

function message(e: { readonly message?: string }): string[] {
  return e.message === undefined || e.message === "" ? [] : visible(e.message).replace(/\n$/, "").split("\n");
}

function itemLines(item: ItemOutcome, look: TaskLook, ink: Paint): string[] {
  if (!look.verbose && item.message === undefined && (item.status === "ok" || item.status === "skipped")) return [];
  // What the turn says may be the item itself.
  const detail = [...changeLines(item.changes, look.diff, ink), ...(item.message === item.item ? [] : message(item))];
  return [`${statusWord(item, look.check, ink)}  ${visible(item.item).replaceAll("\n", " ")}`, ...detail.map((line) => `    ${line}`)];
}

function evidence(e: TaskEvent, look: TaskLook, ink: Paint): string[] {
  return [
    ...(e.rc !== undefined ? [`exit code ${e.rc}`] : []),
    ...output("stderr", e.stderr, look, ink),
    ...output("stdout", e.stdout, look, ink),
    ...(e.ignored ? [] : [ink.dim(`${e.module} at ${visible(e.at)}`)]),
  ];
}

function output(name: string, text: string | undefined, look: TaskLook, ink: Paint): string[] {
  const lines = visible(text ?? "")
    .trimEnd()
    .split("\n");
  if (lines.join("") === "") return [];
  const shown = look.verbose ? lines : lines.slice(-outputLines);
  const left = lines.length - shown.length;
  return [
    ink.dim(`${name}:${left > 0 ? ` (the last ${shown.length} of ${lines.length} lines; -v shows all)` : ""}`),
    ...shown.map((l) => `  ${l}`),
  ];
}
