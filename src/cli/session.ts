import type { Program } from "../engine/compile/program.ts";
import type { ExecuteOptions } from "../engine/course/executeoptions.ts";
import { type Diagnostic, Refused } from "../kernel/diagnostic.ts";
import type { ViewName } from "../views/names.ts";
import type { View } from "../views/view.ts";
import { type CompileRequest, compilePlaybook } from "./compilePlaybook.ts";
import { hasError } from "./complain.ts";
import { connectionDefaults } from "./connectionDefaults.ts";
import { onInterrupt } from "./interrupt.ts";
import { lockRequest } from "./lockRequest.ts";
import { type Outcome, wrongInput } from "./outcome.ts";
import { colourOf, defaultView } from "./output.ts";
import { openPagedView } from "./pagedView.ts";
import { pagerOf } from "./pager.ts";
import { prompt } from "./prompt.ts";
import { hasEnded } from "./runner.ts";
import type { ConnectOptions } from "./targetOptions.ts";

/** Options of every command that leads a playbook over hosts. */
export interface SessionOptions extends CompileRequest, ConnectOptions {
  readonly check?: true;
  readonly diff?: true;
  readonly forks: number;
  readonly lookahead?: boolean;
  /** Seconds to wait for a host that another run holds. */
  readonly wait?: number;
  readonly verbose?: true;
  readonly output?: ViewName;
  /** false: whatever its length, the output goes straight to the terminal. */
  readonly pager?: boolean;
}

/** Opens the view, compiles the playbook and tells what is wrong with it; does the work only when nothing is. */
export async function withProgram(
  playbook: string,
  o: SessionOptions,
  work: (program: Program, view: View) => Promise<Outcome>,
  listed = false,
): Promise<Outcome> {
  const { stdout } = process;
  const look = { verbose: o.verbose ?? false, diff: o.diff ?? false, colour: colourOf(stdout) };
  const pager = pagerOf((o.pager ?? true) && (o.check ?? false) && look.diff, stdout);
  const view = await openPagedView(o.output ?? defaultView(stdout), look, pager);
  const defaults = await connectionDefaults(o);
  try {
    const how = { check: o.check ?? false, diff: o.diff ?? false, listed, connectionDefaults: defaults };
    const { program, diagnostics } = await refusedAsValue(() => compilePlaybook(playbook, o, how));
    for (const diagnostic of diagnostics) view.listen({ event: "diagnostic", diagnostic });
    if (!program || hasError(diagnostics)) return wrongInput;
    return await work(program, view);
  } finally {
    await view.end();
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

/** How hosts are reached and interrupted; `acts`: it may change them, and so takes their lock. */
export async function executeOptions(o: SessionOptions, view: View, acts: boolean): Promise<ExecuteOptions> {
  // Loaded only here: what lists and checks playbooks starts sooner without ssh.
  const { connect } = await import("../transport/connect.ts");
  const signal = onInterrupt(
    (message) => view.listen({ event: "warning", message }),
    () => view.close(),
  );
  return {
    connect,
    forks: o.forks,
    lookahead: o.lookahead ?? true,
    signal,
    prompt,
    lock: { request: lockRequest(acts), wait: o.wait ?? 0, isDead: hasEnded },
  };
}
