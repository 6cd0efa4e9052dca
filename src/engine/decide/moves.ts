import { leaveFailed, settleHandler } from "../act/finish.ts";
import type { HostRun } from "../act/hostrun.ts";
import type { TaskStop } from "../compile/unit.ts";
import { isFatal } from "../course/alone.ts";
import { nextTask } from "./nexttask.ts";
import { forkPosition } from "./position.ts";

/** The task that comes next; undefined for what is none: an include that failed, the proof of a guarded block, the end. */
export function nextOf({ seat, position }: HostRun): TaskStop | undefined {
  const next = nextTask(seat, forkPosition(position));
  return next.kind === "task" ? next.stop : undefined;
}

/** Behind the next task, which is not wanted. */
export function passTask(run: HostRun): void {
  nextTask(run.seat, run.position);
  run.forgetPlan();
  run.position.turns = undefined;
  run.position.cursor = run.position.cursor.next();
}

/** Behind the task that another host has done for all: on, or where its failure leads. */
export function followOther(run: HostRun, failed: boolean): void {
  const stop = nextOf(run);
  if (failed) return leave(run);
  passTask(run);
  if (stop) settleHandler(run.position, stop);
}

/** Another host failed for all: goes where a failure leads. */
export function failWithOther(run: HostRun): void {
  if (!isOver(run) && nextTask(run.seat, run.position).kind !== "end") leave(run);
}

/** Nothing more is done here, not even what is to be done always. */
export function endWithOther(run: HostRun): void {
  if (isOver(run)) return;
  run.forgetPlan();
  run.position.failed = true;
  run.position.failedAt ??= run.position.cursor.settle().stop?.path;
  run.position.ended = true;
}

/** In the midst of a task: some turns of its loop are done, or some of its tries. */
export function isInTask(run: HostRun): boolean {
  return !isOver(run) && (run.position.turns !== undefined || (run.position.tries ?? 0) > 0);
}

/** The host was lost before a task whose failure ends the run for all. */
export function isLostFatally(run: HostRun): boolean {
  if (!run.gone || run.position.ended) return false;
  const stop = nextOf(run);
  return stop !== undefined && isFatal(run.seat, run.position, stop);
}

function leave(run: HostRun): void {
  nextTask(run.seat, run.position);
  run.forgetPlan();
  leaveFailed(run.position);
}

function isOver({ gone, position }: HostRun): boolean {
  return gone || position.failed || position.ended;
}
