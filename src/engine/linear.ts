import type PQueue from "p-queue";
import type { TaskEvent } from "../kernel/event.ts";
import type { HostRun, PlacedEvent } from "./hostrun.ts";
import { comparePaths, type TaskPath } from "./path.ts";

/**
 * Leads the hosts of a play through it side by side. Each decides a stretch of tasks; all perform the stretch up to the
 * nearest end of one of them, and none goes on before all have finished it (docs/decisions: the lockstep is a stretch).
 */
export async function runLinear(
  runs: readonly HostRun[],
  queue: PQueue,
  tell: (event: TaskEvent) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    if (signal?.aborted) return;
    const planned = await all(
      queue,
      runs.map((run) => () => run.prepare()),
    );
    const ready = runs.filter((_, i) => (planned[i]?.length ?? 0) > 0);
    if (ready.length === 0) return;
    const bound = ready.length === 1 ? undefined : nearestEnd(ready);
    if (signal?.aborted) return;
    const events = await all(
      queue,
      ready.map((run) => () => run.perform(bound)),
    );
    for (const { event } of inOrder(events)) tell(event);
    for (const run of ready) run.tellLoss();
  }
}

/** Waits for every host even when one ends in a bug: what is open then must still be closed. */
async function all<T>(queue: PQueue, jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const ended = await Promise.allSettled(jobs.map((job) => queue.add(job)));
  return ended.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function nearestEnd(runs: readonly HostRun[]): TaskPath | undefined {
  let nearest: TaskPath | undefined;
  for (const { stretchEnd } of runs) {
    if (stretchEnd && (!nearest || comparePaths(stretchEnd, nearest) < 0)) nearest = stretchEnd;
  }
  return nearest;
}

/** Task by task, within a task in the order of the hosts. */
function inOrder(perHost: readonly (readonly PlacedEvent[])[]): PlacedEvent[] {
  const all = perHost.flatMap((events, host) => events.map((placed) => ({ placed, host })));
  return all.sort((a, b) => comparePaths(a.placed.path, b.placed.path) || a.host - b.host).map((e) => e.placed);
}
