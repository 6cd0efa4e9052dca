import { Option } from "commander";
import type { AddCommand } from "../command.ts";
import type { ShowOptions } from "../showPlan.ts";

/** `rempart show FILE` */
export const show: AddCommand = (program, ended) => {
  program
    .command("show <file>")
    .summary("print a plan file")
    .option("-D, --diff", "show the differences of texts")
    .option("-v, --verbose", "show ok and skipped tasks too, with what they stand on")
    .option("--no-pager", "never show a long plan in $REMPART_PAGER, $PAGER or less")
    .addOption(new Option("--output <format>", "how to print (default: text)").choices(["text", "json"]))
    .action(async (file: string, options: ShowOptions) => {
      const { showPlan } = await import("../showPlan.ts");
      ended(await showPlan(file, options));
    });
};
