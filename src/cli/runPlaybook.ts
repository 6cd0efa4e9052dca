import type { Program } from "../engine/program.ts";
import type { View } from "../views/view.ts";
import { say } from "./complain.ts";
import { listing } from "./listing.ts";
import { done, type Outcome } from "./outcome.ts";
import { executeOptions, type SessionOptions, withProgram } from "./session.ts";

export interface RunOptions extends SessionOptions {
  readonly detailedExitcode?: true;
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
    const { execute } = await import("../engine/execute.ts");
    const summary = await execute(program, await executeOptions(o, view, !check), view.listen);
    return {
      interrupted: summary.interrupted,
      unreachable: summary.unreachable,
      failed: summary.failed,
      pending: check && (o.detailedExitcode ?? false) && summary.changed,
    };
  };
  return withProgram(playbook, o, work, listed);
}
