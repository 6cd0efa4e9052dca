import type { ApplyOptions } from "../applyPlanFile.ts";
import { type AddCommand, collect } from "../command.ts";
import { numberFrom1 } from "../numbers.ts";
import { outputOption, vaultOptions, waitOption } from "../targetOptions.ts";

/** `rempart apply FILE` */
export const apply: AddCommand = (program, ended) => {
  vaultOptions(program.command("apply <file>").summary("do what a plan file shows, and nothing else"))
    .option("-e, --extra-vars <vars>", "the values that the plan was made with: they are not in the file", collect, [])
    .option("-k, --ask-pass", "ask for the login password")
    .option("-K, --ask-become-pass", "ask for the password of sudo, su or doas")
    .option("--private-key <file>", "private key to log in with")
    .option("-f, --forks <n>", "hosts that are worked on at the same time", numberFrom1, 5)
    .addOption(waitOption())
    .option("-D, --diff", "show the differences of texts")
    .option("-v, --verbose", "show ok and skipped tasks too, and all output of failed ones")
    .addOption(outputOption())
    .addHelpText("after", "\nExit code 1 also for a host that is not as the plan says, or whose task would do what the plan does not show.")
    .action(async (file: string, options: ApplyOptions) => {
      const { applyPlanFile } = await import("../applyPlanFile.ts");
      ended(await applyPlanFile(file, options));
    });
};
