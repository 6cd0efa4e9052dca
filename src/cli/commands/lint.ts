import { type AddCommand, collect } from "../command.ts";
import type { LintOptions } from "../lintPlaybooks.ts";
import { inventoryOptions } from "../targetOptions.ts";

/** `rempart lint PLAYBOOK...` */
export const lint: AddCommand = (program, ended) => {
  inventoryOptions(program.command("lint <playbook...>").summary("check playbooks for every host, without connecting"))
    .option("-e, --extra-vars <vars>", "as for run", collect, [])
    .action(async (playbooks: readonly string[], options: LintOptions) => {
      const { lintPlaybooks } = await import("../lintPlaybooks.ts");
      ended(await lintPlaybooks(playbooks, options));
    });
};
