import type { AddCommand } from "../command.ts";

/** `rempart doc MODULE|ROLE` */
export const doc: AddCommand = (program, ended) => {
  program
    .command("doc <name>")
    .summary("print the manual page of a module or a role")
    .action(async (name: string) => {
      const { printDoc } = await import("../printDoc.ts");
      ended(printDoc(name));
    });
};
