import { Command, CommanderError, Help } from "commander";
import { Refused } from "../kernel/diagnostic.ts";
import type { AddCommand } from "./command.ts";
import { apply } from "./commands/apply.ts";
import { doc } from "./commands/doc.ts";
import { doctor } from "./commands/doctor.ts";
import { lint } from "./commands/lint.ts";
import { list } from "./commands/list.ts";
import { plan } from "./commands/plan.ts";
import { run } from "./commands/run.ts";
import { schema } from "./commands/schema.ts";
import { show } from "./commands/show.ts";
import { vault } from "./commands/vault.ts";
import { done, type Outcome, wrongInput } from "./outcome.ts";
import { UsageError } from "./usage.ts";
import { version } from "./version.ts";

const commands: readonly AddCommand[] = [run, plan, show, apply, list, doc, lint, doctor, vault, schema];

/** Runs one command line. Never throws for a wrong input: that is told on stderr. */
export async function runCommandLine(argv: readonly string[]): Promise<Outcome> {
  let outcome: Outcome = done;
  const program = new Command("rempart")
    .description("Runs playbooks of ordered roles against an inventory, over SSH, with nothing but a POSIX shell on the target.")
    .helpOption("-h, --help", "show this help")
    .helpCommand(false)
    .configureHelp({ optionDescription: (option) => new Help().optionDescription(option).replace(" (default: [])", "") })
    .version(`rempart ${version()} (Node ${process.versions.node})`, "--version", "print the version")
    .addHelpText(
      "after",
      "\nExit codes: 0 done, 1 a task failed, 2 changes pending (plan, --detailed-exitcode), 3 wrong input, 4 a host unreachable, 130 interrupted.",
    )
    .showHelpAfterError('See "rempart --help" or "rempart COMMAND --help".')
    .exitOverride();
  for (const add of commands)
    add(program, (o) => {
      outcome = o;
    });
  try {
    await program.parseAsync(argv, { from: "user" });
    return outcome;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? done : wrongInput;
    return tell(error);
  }
}

/** Wrong input is told like every other diagnostic; anything else is a bug and says where it happened. */
async function tell(error: unknown): Promise<Outcome> {
  const { complain } = await import("./complain.ts");
  if (error instanceof UsageError) {
    complain({ severity: "error", message: error.message, ...(error.help !== undefined && { help: error.help }) });
    return wrongInput;
  }
  if (error instanceof Refused) {
    complain(...error.diagnostics);
    return wrongInput;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  complain({ severity: "error", message: `this is a bug of rempart, please report it with these lines:\n${trace}` });
  return { bug: true };
}
