import { Option } from "commander";
import { viewNames } from "../../views/names.ts";
import { type AddCommand, collect, collectList } from "../command.ts";
import { numberFrom1 } from "../numbers.ts";
import type { RunOptions } from "../runPlaybook.ts";
import { connectOptions, inventoryOptions, waitOption } from "../targetOptions.ts";

/** `rempart run PLAYBOOK` */
export const run: AddCommand = (program, ended) => {
  const command = program.command("run <playbook>").summary("bring hosts to the state that a playbook declares");
  connectOptions(inventoryOptions(command))
    .option("-t, --tags <tags>", "only tasks with one of these tags (comma-separated)", collectList, [])
    .option("--skip-tags <tags>", "not the tasks with one of these tags", collectList, [])
    .option("-e, --extra-vars <vars>", "variables that win over all others: key=value, a YAML or JSON map, or @file", collect, [])
    .option("-C, --check", "change nothing, say what would change")
    .option("-D, --diff", "show the differences of texts")
    .option("-f, --forks <n>", "hosts that are worked on at the same time", numberFrom1, 5)
    .addOption(waitOption())
    .option("--no-lookahead", "ask, decide and act task by task: slower, same result")
    .option("--detailed-exitcode", "with --check: exit code 2 when something would change")
    .option("--list-hosts", "only list the hosts of every play")
    .option("--list-tasks", "only list the tasks of every play")
    .option("--list-tags", "only list the tags of every play")
    .option("-v, --verbose", "show ok and skipped tasks too, and all output of failed ones")
    .addOption(new Option("--output <view>", "how to print (default: terminal, or plain in a pipe)").choices(viewNames))
    .action(async (playbook: string, options: RunOptions) => {
      const { runPlaybook } = await import("../runPlaybook.ts");
      ended(await runPlaybook(playbook, options));
    });
};
