import type { AddCommand } from "../command.ts";
import { numberFrom1 } from "../numbers.ts";
import type { PlanOptions } from "../planPlaybook.ts";
import { connectOptions, inventoryOptions, outputOption, selectOptions } from "../targetOptions.ts";

/** `rempart plan PLAYBOOK -o FILE` */
export const plan: AddCommand = (program, ended) => {
  const command = program.command("plan <playbook>").summary("write a file with what a run would do, and change nothing");
  selectOptions(connectOptions(inventoryOptions(command)))
    .requiredOption("-o, --out <file>", "the plan file")
    .option("-D, --diff", "show the differences of texts (they are in the file in any case)")
    .option("-f, --forks <n>", "hosts that are worked on at the same time", numberFrom1, 5)
    .option("-v, --verbose", "show ok and skipped tasks too")
    .addOption(outputOption())
    .addHelpText("after", "\nExit codes: 0 nothing to do, 2 changes pending, else as for run.")
    .action(async (playbook: string, options: PlanOptions) => {
      const { planPlaybook } = await import("../planPlaybook.ts");
      ended(await planPlaybook(playbook, options));
    });
};
