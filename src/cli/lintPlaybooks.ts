import { type Diagnostic, Refused } from "../kernel/diagnostic.ts";
import { type CompileRequest, compilePlaybook } from "./compilePlaybook.ts";
import { complain, hasError, say } from "./complain.ts";
import { done, type Outcome, wrongInput } from "./outcome.ts";

export type LintOptions = Omit<CompileRequest, "tags" | "skipTags">;

/** Compiles every playbook and tells what is wrong with each. */
export async function lintPlaybooks(playbooks: readonly string[], o: LintOptions): Promise<Outcome> {
  let wrong = false;
  for (const playbook of playbooks) {
    const diagnostics = await check(playbook, o);
    complain(...diagnostics);
    if (hasError(diagnostics)) wrong = true;
    else say(`${playbook}: ${diagnostics.length === 0 ? "no errors" : `no errors, ${diagnostics.length} warning(s)`}\n`);
  }
  return wrong ? wrongInput : done;
}

async function check(playbook: string, o: LintOptions): Promise<readonly Diagnostic[]> {
  try {
    return (await compilePlaybook(playbook, { ...o, tags: [], skipTags: [] })).diagnostics;
  } catch (error) {
    if (error instanceof Refused) return error.diagnostics;
    throw error;
  }
}
