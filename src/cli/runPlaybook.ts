import { execute } from "../engine/execute.ts";
import type { Program } from "../engine/program.ts";
import { type Diagnostic, Refused } from "../kernel/diagnostic.ts";
import type { ViewName } from "../views/names.ts";
import { openView } from "../views/open.ts";
import type { View } from "../views/view.ts";
import { type CompileRequest, compilePlaybook } from "./compilePlaybook.ts";
import { hasError, say } from "./complain.ts";
import { connectionDefaults } from "./connectionDefaults.ts";
import { onInterrupt } from "./interrupt.ts";
import { listing } from "./listing.ts";
import { lockRequest } from "./lockRequest.ts";
import { done, type Outcome, wrongInput } from "./outcome.ts";
import { colourOf, defaultView } from "./output.ts";
import type { ConnectOptions } from "./targetOptions.ts";

export interface RunOptions extends CompileRequest, ConnectOptions {
  readonly check?: true;
  readonly diff?: true;
  readonly forks: number;
  readonly lookahead: boolean;
  readonly detailedExitcode?: true;
  readonly listHosts?: true;
  readonly listTasks?: true;
  readonly listTags?: true;
  /** Seconds to wait for a host that another run holds. */
  readonly wait?: number;
  readonly verbose?: true;
  readonly output?: ViewName;
}

/** Compiles the playbook, tells what is wrong with it, or lists it, or runs it. */
export async function runPlaybook(playbook: string, o: RunOptions): Promise<Outcome> {
  const { stdout, stderr } = process;
  const colour = colourOf(stdout);
  const view = await openView(o.output ?? defaultView(stdout), stdout, stderr, {
    verbose: o.verbose ?? false,
    diff: o.diff ?? false,
    colour,
  });
  const defaults = await connectionDefaults(o);
  try {
    const how = { check: o.check ?? false, diff: o.diff ?? false, connectionDefaults: defaults };
    const { program, diagnostics } = await refusedAsValue(() => compilePlaybook(playbook, o, how));
    for (const diagnostic of diagnostics) view.listen({ event: "diagnostic", diagnostic });
    if (!program || hasError(diagnostics)) return wrongInput;
    if (o.listHosts || o.listTasks || o.listTags) {
      say(listing(program, { hosts: o.listHosts ?? false, tasks: o.listTasks ?? false, tags: o.listTags ?? false }));
      return done;
    }
    return await perform(program, o, view);
  } finally {
    view.close();
  }
}

/** A wrong inventory is told by the view like a wrong playbook: `--output json` has it as an event. */
async function refusedAsValue(
  compiled: () => Promise<{ program?: Program; diagnostics: readonly Diagnostic[] }>,
): ReturnType<typeof compiled> {
  try {
    return await compiled();
  } catch (error) {
    if (error instanceof Refused) return { diagnostics: error.diagnostics };
    throw error;
  }
}

async function perform(program: Program, o: RunOptions, view: View): Promise<Outcome> {
  // Loaded only here: what lists and checks playbooks starts sooner without ssh.
  const { connect } = await import("../transport/connect.ts");
  const check = o.check ?? false;
  const signal = onInterrupt(
    (message) => view.listen({ event: "warning", message }),
    () => view.close(),
  );
  const lock = { request: lockRequest(!check), wait: o.wait ?? 0 };
  const summary = await execute(program, { connect, forks: o.forks, lookahead: o.lookahead, signal, lock }, view.listen);
  return {
    interrupted: summary.interrupted,
    unreachable: summary.unreachable,
    failed: summary.failed,
    pending: check && (o.detailedExitcode ?? false) && summary.changed,
  };
}
