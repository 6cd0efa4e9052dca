import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { TaskEvent, TaskStatus } from "../../src/kernel/event.ts";
import type { Told } from "./rempart.ts";

/** What check mode may leave open on a bare host. It may only shrink. */
interface Open {
  /** `role : task` to the task that it waits for. */
  readonly maybe: Readonly<Record<string, string>>;
  /** `role : task` to the reason why check says "would change" and the run then finds nothing to do. */
  readonly needless: Readonly<Record<string, string>>;
}

const file = "test/roles/maybes.json";
const allowed = JSON.parse(readFileSync(join(import.meta.dirname, "maybes.json"), "utf8")) as Readonly<Record<string, Open | undefined>>;

/** What a check foretold, held against the run that followed it on the same host. */
export interface Comparison {
  /** Said ok or skipped and then something else, failed, or named nothing to wait for. */
  readonly wrong: readonly string[];
  readonly maybe: Readonly<Record<string, string>>;
  /** Would change, and then did not. */
  readonly needless: readonly string[];
}

/** Holds a check and the run that followed it against each other and against what `maybes.json` allows under this title. */
export function expectTruth(title: string, check: Told, run: Told): void {
  expect(check.exitCode, check.trouble).toBe(0);
  expect(run.exitCode, run.trouble).toBe(0);
  const { wrong, maybe, needless } = compare(check.tasks, run.tasks);
  const { maybe: maybes = {}, needless: reasons = {} } = allowed[title] ?? {};
  const open = [...Object.entries(maybe).map(([task, by]) => `${task} waits for ${by}`), ...needless];
  const may = [...Object.entries(maybes).map(([task, by]) => `${task} waits for ${by}`), ...Object.keys(reasons)];
  const more = open.filter((o) => !may.includes(o));
  const fewer = may.filter((m) => !open.includes(m));
  const how = `${title}: what a check says must come true. It leaves open what ${file} lists: "more" must be foretold, "fewer" taken out of the file`;
  expect({ wrong, more, fewer }, how).toEqual({ wrong: [], more: [], fewer: [] });
}

/** Task by task, turn by turn. Tasks that run more than once are told apart by their order. */
export function compare(check: readonly TaskEvent[], run: readonly TaskEvent[]): Comparison {
  const wrong: string[] = [];
  const maybe: Record<string, string> = {};
  const needless: string[] = [];
  // The proof at the end of a guarded block changes nothing, and a check has nothing to prove.
  const came = numbered(run.filter((e) => e.module !== "guard"));
  const foretold = numbered(check);
  for (const [key, after] of came)
    if (!foretold.has(key))
      wrong.push(`${named(after)}: the check does not name it, and it ${after.status === "ok" ? "ran" : after.status}`);
  // Of all hosts: a task may wait for what another host does, or does there.
  const seen = new Set<string>();
  for (const [key, before] of foretold) {
    const after = came.get(key);
    if (before.status === "maybe") {
      maybe[named(before)] = before.waitsFor ?? "nothing";
      if (!seen.has(before.waitsFor ?? ""))
        wrong.push(`${named(before)}: maybe, waiting for "${before.waitsFor}", which is no earlier task`);
    }
    if (before.status === "changed" || before.status === "maybe") seen.add(before.task);
    if (before.status === "failed") wrong.push(`${named(before)}: the check fails: ${before.message}`);
    else if (!after) needless.push(named(before));
    else for (const [turn, was, is] of turns(before, after)) judge(`${named(before)}${turn}`, was, is, wrong, needless);
  }
  return { wrong, maybe, needless: [...new Set(needless)] };
}

function judge(what: string, was: TaskStatus, is: TaskStatus, wrong: string[], needless: string[]): void {
  if (was === is || was === "maybe") return;
  if (was === "changed" && is === "ok") needless.push(what);
  else wrong.push(`${what}: the check says ${was}, the run ${is}`);
}

/** The task as a whole and, for a loop, each turn. */
function turns(before: TaskEvent, after: TaskEvent): [string, TaskStatus, TaskStatus][] {
  const items = (before.items ?? []).map((item, i): [string, TaskStatus, TaskStatus] => {
    const same = after.items?.[i];
    return [` (${item.item})`, item.status, same?.item === item.item ? same.status : "unreachable"];
  });
  return items.length > 0 ? items : [["", before.status, after.status]];
}

function numbered(events: readonly TaskEvent[]): Map<string, TaskEvent> {
  const all = new Map<string, TaskEvent>();
  for (const event of events) {
    for (let n = 1; ; n++) {
      const key = `${event.host} ${event.at} ${event.role} : ${event.task} ${n}`;
      if (all.has(key)) continue;
      all.set(key, event);
      break;
    }
  }
  return all;
}

function named(event: TaskEvent): string {
  return event.role === "" ? event.task : `${event.role} : ${event.task}`;
}
