import type { Program } from "../engine/compile/program.ts";
import type { AskStep } from "../engine/course/stepping.ts";
import type { View } from "../views/view.ts";
import { say } from "./complain.ts";
import { listing } from "./listing.ts";
import { done, type Outcome } from "./outcome.ts";
import { executeOptions, type SessionOptions, withProgram } from "./session.ts";
import { UsageError } from "./usage.ts";

export interface RunOptions extends SessionOptions {
  readonly detailedExitcode?: true;
  readonly step?: true;
  readonly resume?: true;
  readonly listHosts?: true;
  readonly listTasks?: true;
  readonly listTags?: true;
  readonly listControls?: true;
}

/** Compiles the playbook, tells what is wrong with it, or lists it, or runs it. */
export function runPlaybook(playbook: string, o: RunOptions): Promise<Outcome> {
  const listed = (o.listHosts || o.listTasks || o.listTags || o.listControls) ?? false;
  const work = async (program: Program, view: View): Promise<Outcome> => {
    if (listed) {
      if (o.listControls) say((await import("./listControls.ts")).listControls(program));
      else say(listing(program, { hosts: o.listHosts ?? false, tasks: o.listTasks ?? false, tags: o.listTags ?? false }));
      return done;
    }
    const check = o.check ?? false;
    const { execute } = await import("../engine/course/execute.ts");
    const { resumable } = await import("./resumable.ts");
    const { options, last } = resumable(program, o.inventory, o.resume ?? false, view.listen);
    const how = await executeOptions(o, view, !check);
    const step = o.step && (await stepping(program, how.signal));
    const summary = await execute(program, { ...how, ...options, ...(step && { step, lookahead: false }) }, view.listen);
    last();
    return {
      interrupted: summary.interrupted,
      unreachable: summary.unreachable,
      failed: summary.failed,
      pending: check && (o.detailedExitcode ?? false) && summary.changed,
    };
  };
  if (o.resume && o.startAtTask !== undefined)
    throw new UsageError("--resume begins where the last run ended, --start-at-task elsewhere", "give one of them");
  return withProgram(playbook, o.step ? { ...o, output: steppedView(o.output) } : o, work, listed);
}

/** A live view would paint over the question. */
function steppedView(output: RunOptions["output"]): NonNullable<RunOptions["output"]> {
  return output === undefined || output === "terminal" ? "plain" : output;
}

async function stepping({ plays }: Program, signal: AbortSignal | undefined): Promise<AskStep> {
  if (plays.some((p) => p.play.strategy === "free"))
    throw new UsageError("--step needs plays with the strategy linear: under free, hosts do not wait for one another");
  const { askStep } = await import("./step.ts");
  return askStep(signal);
}
