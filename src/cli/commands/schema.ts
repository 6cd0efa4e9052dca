import type { AddCommand } from "../command.ts";
import { done } from "../outcome.ts";

/** `rempart schema` */
export const schema: AddCommand = (program, ended) => {
  program
    .command("schema")
    .summary("print the JSON Schema of playbooks, for editors")
    .action(async () => {
      const [{ playbookSchema }, { say }] = await Promise.all([import("../playbookSchema.ts"), import("../complain.ts")]);
      say(`${JSON.stringify(playbookSchema(), null, 2)}\n`);
      ended(done);
    });
};
