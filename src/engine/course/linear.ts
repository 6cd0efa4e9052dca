import type PQueue from "p-queue";
import type { RetryEvent, TaskEvent } from "../../kernel/event.ts";
import type { Value } from "../../kernel/value.ts";
import type { HostRun } from "../act/hostrun.ts";
import type { PlacedEvent } from "../act/hostrunoptions.ts";
import { endWithOther, failWithOther, followOther, isInTask, isLostFatally, nextOf, passTask } from "../decide/moves.ts";
import { comparePaths, pathKey, type TaskPath } from "../decide/path.ts";
import type { Planned } from "../decide/planned.ts";
import { isOnce, mayBe } from "./alone.ts";
import type { Apart } from "./apart.ts";
import type { Stepping } from "./stepping.ts";

/** How the hosts of a batch are led through a play. */
export interface Course {
  readonly queue: PQueue;
  readonly apart: Apart;
  readonly tell: (event: TaskEvent | RetryEvent) => void;
  /** Every host of the play gets what a task returned that was done once for all. */
  readonly share: (values: ReadonlyMap<string, Value>) => void;
  readonly warn: (message: string, host?: string) => void;
  readonly signal: AbortSignal | undefined;
  readonly stepping: Stepping;
  /** When more of the hosts have failed, in percent, the run ends. */
  readonly maxFail?: number;
}

/**
 * Leads the hosts of a batch through a play side by side. Each decides a stretch of tasks; all perform the stretch up to the
 * nearest end of one of them, and none goes on before all have finished it (docs/decisions: the lockstep is a stretch).
 */
export class Linear {
  readonly #runs: readonly HostRun[];
  readonly #course: Course;
  /** A failure ended the run for all hosts. */
  stopped = false;

  constructor(runs: readonly HostRun[], course: Course) {
    this.#runs = runs;
    this.#course = course;
  }

  async run(): Promise<void> {
    const { queue, signal } = this.#course;
    while (!signal?.aborted) {
      const planned = await all(
        queue,
        this.#runs.map((run) => () => run.prepare()),
      );
      if (await this.#lostFatally()) continue;
      const ready = this.#runs.filter((_, i) => (planned[i]?.length ?? 0) > 0);
      const alone = this.#runs.filter((run) => run.nextAlone);
      const next = nearest(alone.map((run) => run.nextAlone?.path));
      if (signal?.aborted || (ready.length === 0 && !next)) return;
      const first = nearest(planned.map((turns) => turns?.[0]?.stop.path));
      if (await this.#unwanted(nearest([next, first]))) continue;
      if (next && (!first || comparePaths(next, first) < 0))
        await this.#alone(alone.filter((run) => run.nextAlone && comparePaths(run.nextAlone.path, next) === 0));
      else await this.#stretch(ready, next);
    }
  }

  /** A person does not want the task that comes next: nobody does it. */
  async #unwanted(path: TaskPath | undefined): Promise<boolean> {
    const { stepping } = this.#course;
    if (!stepping.asks || !path) return false;
    const here = this.#runs.filter((run) => !run.gone && comparePaths(nextOf(run)?.path ?? [], path) === 0);
    const stop = here[0] && nextOf(here[0]);
    if (!stop) return false;
    const { entry } = stop;
    const task = entry.inherited.role ? `${entry.inherited.role.name} : ${entry.name}` : entry.name;
    const names = here.map((run) => run.seat.host.name);
    if (await stepping.wants(`${pathKey(stop.path)} ${entry.at.source.path}:${entry.at.start}`, task, names)) return false;
    for (const run of here) passTask(run);
    return true;
  }

  /** All that are ready do their part, up to the nearest end. */
  async #stretch(ready: readonly HostRun[], before: TaskPath | undefined): Promise<void> {
    const single = this.#runs.length === 1;
    const watched = ({ stop }: Planned): boolean =>
      !single && (this.#course.maxFail !== undefined || mayBe(stop.entry.inherited.anyErrorsFatal));
    const bound = ready.length === 1 && !before ? undefined : nearest([...ready.map((r) => r.stretchEnd(watched)), before]);
    const events = await all(
      this.#course.queue,
      ready.map((run) => () => run.perform(bound)),
    );
    // What a program said on a host may hang on what was done on another one.
    const acted = new Set(ready.filter((run, i) => !run.seat.context.check && events[i]?.some(mayHaveActed)));
    for (const run of this.#runs) if (acted.size > (acted.has(run) ? 1 : 0)) run.forgetPlan(true);
    await this.#followed(ready, events);
  }

  /** The hosts stand before a task that is done alone: each for itself, or the first of them for all. */
  async #alone(group: readonly HostRun[]): Promise<void> {
    const [leader] = group;
    const stop = leader?.nextAlone;
    if (!leader || !stop) return;
    const others = group.filter((run) => run !== leader && run.nextAlone?.entry === stop.entry);
    const { queue, apart, warn } = this.#course;
    if (!isOnce(leader.seat, leader.position, stop)) {
      const done = await all(
        queue,
        group.map((run) => async () => (run.nextAlone ? (await apart.perform(run, run.nextAlone)).events : [])),
      );
      return await this.#followed(group, done);
    }
    const before = new Map(leader.position.vars.values);
    const { events, cut } = await apart.perform(leader, stop);
    const { event } = events.at(-1) ?? {};
    // Lost before it did anything: the next host does it.
    if (event || cut) {
      const learnt = [...leader.position.vars.values].filter(([name, value]) => before.get(name) !== value);
      this.#course.share(new Map(learnt));
      const isFailed = cut || (event?.status === "failed" && event.ignored !== "ignore_errors");
      for (const run of others) {
        followOther(run, isFailed);
        if (isFailed && run.position.failed)
          warn(`left out: "${stop.entry.name}", which runs once for all hosts, failed on ${leader.seat.host.name}`, run.seat.host.name);
      }
    }
    for (const run of this.#runs) run.forgetPlan(true);
    await this.#followed([leader], [events]);
  }

  async #followed(runs: readonly HostRun[], events: readonly (readonly PlacedEvent[])[]): Promise<void> {
    this.#tell(runs, events);
    const fatal = events.flat().find((e) => e.fatal)?.event;
    if (fatal) await this.#endAll(`"${fatal.task}" failed on ${fatal.host}, which ends the run for all hosts (any_errors_fatal)`);
    await this.#lostFatally();
    await this.#tooMany();
  }

  #tell(runs: readonly HostRun[], events: readonly (readonly PlacedEvent[])[]): void {
    for (const { event } of inOrder(events)) this.#course.tell(event);
    for (const run of runs) run.tellLoss();
  }

  /** A host was lost before a task whose failure ends the run for all. */
  async #lostFatally(): Promise<boolean> {
    const lost = this.stopped ? undefined : this.#runs.find((run) => isLostFatally(run));
    if (lost) await this.#endAll(`${lost.seat.host.name} was lost, which ends the run for all hosts (any_errors_fatal)`);
    return lost !== undefined;
  }

  /** The others go where a failure leads them. */
  async #endAll(why: string): Promise<void> {
    if (this.stopped) return;
    await this.#stop(why, failWithOther);
  }

  async #tooMany(): Promise<void> {
    const { maxFail } = this.#course;
    if (maxFail === undefined || this.stopped) return;
    const failed = this.#runs.filter((run) => run.position.failed).length;
    if ((failed / this.#runs.length) * 100 <= maxFail) return;
    const why = `${failed} of ${this.#runs.length} hosts failed, more than ${maxFail} %: the run ends for all hosts (max_fail_percentage)`;
    await this.#stop(why, endWithOther);
  }

  /** No host is left in the midst of a task: what was begun is ended and told. */
  async #stop(why: string, leave: (run: HostRun) => void): Promise<void> {
    this.#course.warn(why);
    this.stopped = true;
    const { queue, signal } = this.#course;
    let begun = this.#runs.filter(isInTask);
    while (begun.length > 0 && !signal?.aborted) {
      const ended = await all(
        queue,
        begun.map((run) => async () => ((await run.prepare())?.length ? run.perform(nextOf(run)?.path) : undefined)),
      );
      this.#tell(
        begun,
        ended.map((events) => events ?? []),
      );
      begun = begun.filter((run, i) => ended[i] && isInTask(run));
    }
    for (const run of this.#runs) leave(run);
  }
}

/** Under the strategy free: each host goes on as fast as it can. */
export async function runFree(runs: readonly HostRun[], { queue, apart, tell, signal }: Course): Promise<void> {
  await all(
    queue,
    runs.map((run) => async () => {
      while (!signal?.aborted) {
        const planned = await run.prepare();
        const stop = run.nextAlone;
        if (!stop && !planned?.length) return;
        const events = stop ? (await apart.perform(run, stop)).events : await run.perform(undefined);
        for (const { event } of events) tell(event);
        run.tellLoss();
      }
    }),
  );
}

/** Waits for every host even when one ends in a bug: what is open then must still be closed. */
async function all<T>(queue: PQueue, jobs: readonly (() => Promise<T>)[]): Promise<T[]> {
  const ended = await Promise.allSettled(jobs.map((job) => queue.add(job)));
  return ended.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

function nearest(paths: readonly (TaskPath | undefined)[]): TaskPath | undefined {
  return paths.reduce<TaskPath | undefined>((near, path) => (!path || (near && comparePaths(near, path) <= 0) ? near : path), undefined);
}

function mayHaveActed({ event }: PlacedEvent): boolean {
  return event.event === "task" && (event.status === "changed" || event.status === "failed");
}

/** Task by task, within a task in the order of the hosts. */
function inOrder(perHost: readonly (readonly PlacedEvent[])[]): PlacedEvent[] {
  const placed = perHost.flatMap((events, host) => events.map((one) => ({ one, host })));
  return placed.sort((a, b) => comparePaths(a.one.path, b.one.path) || a.host - b.host).map((e) => e.one);
}
