import type { AddCommand } from "../command.ts";
import { numberFrom1 } from "../numbers.ts";
import type { RunOptions } from "../runPlaybook.ts";
import { connectOptions, inventoryOptions, outputOption, selectOptions, waitOption } from "../targetOptions.ts";

/** `rempart run PLAYBOOK` */
export const run: AddCommand = (program, ended) => {
  const command = program.command("run <playbook>").summary("bring hosts to the state that a playbook declares");
  selectOptions(connectOptions(inventoryOptions(command)))
    .option("-C, --check", "change nothing, say what would change")
    .option("-D, --diff", "show the differences of texts")
    .option("--no-pager", "with --check --diff: never show a long output in $REMPART_PAGER, $PAGER or less")
    .option("-f, --forks <n>", "hosts that are worked on at the same time", numberFrom1, 5)
    .addOption(waitOption())
    .option("--no-lookahead", "ask, decide and act task by task: slower, same result")
    .option("--start-at-task <name>", "begin with the task of this name (* and ? stand for any text, any letter)")
    .option("--step", "ask before each task whether to do it")
    .option("--resume", "go on where the last run ended early, handlers that it left undone included")
    .option("--detailed-exitcode", "with --check: exit code 2 when something would change")
    .option("--list-hosts", "only list the hosts of every play")
    .option("--list-tasks", "only list the tasks of every play")
    .option("--list-tags", "only list the tags of every play")
    .option("-v, --verbose", "show ok and skipped tasks too, and all output of failed ones")
    .addOption(outputOption())
    .action(async (playbook: string, options: RunOptions) => {
      const { runPlaybook } = await import("../runPlaybook.ts");
      ended(await runPlaybook(playbook, options));
    });
};
