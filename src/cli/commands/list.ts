import { type AddCommand, collect, collectList } from "../command.ts";
import type { CompileRequest } from "../compilePlaybook.ts";
import { done, type Outcome } from "../outcome.ts";
import { type InventoryOptions, inventoryOptions } from "../targetOptions.ts";

const kinds = [
  ["tasks", "tasks of a playbook"],
  ["tags", "tags of a playbook"],
  ["controls", "controls of a playbook, and the tasks that fulfil them"],
] as const;
const flags = { tasks: { listTasks: true }, tags: { listTags: true }, controls: { listControls: true } } as const;

/** `rempart list hosts|tasks|tags|controls|modules|roles` */
export const list: AddCommand = (program, ended) => {
  const command = program.command("list").summary("list hosts, tasks, tags, controls, modules or roles").helpCommand(false);
  inventoryOptions(command.command("hosts").summary("hosts and their groups")).action(async (o: InventoryOptions) => {
    ended(await (await import("../listHosts.ts")).listHosts(o));
  });
  for (const [what, summary] of kinds) {
    inventoryOptions(command.command(`${what} <playbook>`).summary(summary))
      .option("-t, --tags <tags>", "only tasks with one of these tags", collectList, [])
      .option("--skip-tags <tags>", "not the tasks with one of these tags", collectList, [])
      .option("-e, --extra-vars <vars>", "as for run", collect, [])
      .action(async (playbook: string, o: CompileRequest) => {
        ended(await listOf(what, playbook, o));
      });
  }
  command
    .command("modules")
    .summary("all modules")
    .action(async () => {
      (await import("../listModules.ts")).listModules();
      ended(done);
    });
  command
    .command("roles")
    .summary("roles of the folder roles/")
    .action(async () => {
      ended((await import("../listRoles.ts")).listRoles());
    });
};

async function listOf(what: "tasks" | "tags" | "controls", playbook: string, o: CompileRequest): Promise<Outcome> {
  const { runPlaybook } = await import("../runPlaybook.ts");
  return runPlaybook(playbook, { ...o, forks: 1, lookahead: true, ...flags[what] });
}
