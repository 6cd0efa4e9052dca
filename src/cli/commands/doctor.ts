import type { AddCommand } from "../command.ts";
import type { DoctorOptions } from "../doctor/examine.ts";
import { numberFrom1 } from "../numbers.ts";
import { connectOptions, inventoryOptions } from "../targetOptions.ts";

/** `rempart doctor` */
export const doctor: AddCommand = (program, ended) => {
  connectOptions(inventoryOptions(program.command("doctor").summary("reach each host and say what would stop a run, and how to fix it")))
    .option("-f, --forks <n>", "hosts that are examined at the same time", numberFrom1, 5)
    .action(async (options: DoctorOptions) => {
      const { examine } = await import("../doctor/examine.ts");
      ended(await examine(options));
    });
};
