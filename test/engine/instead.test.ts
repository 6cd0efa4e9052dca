import { expect, it } from "vitest";
import { modules } from "../../src/modules/index.ts";
import { compiled } from "./drive.ts";

const errors = async (module: string): Promise<string> => {
  const playbook = `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${module}: { name: a }\n`;
  const { diagnostics } = await compiled(playbook, ["a"], { modules });
  return diagnostics.map((d) => `${d.message} | ${d.help ?? ""}`).join();
};

it.each(["cron", "ansible.builtin.cron"])("the error about %s names the way here", async (module) => {
  expect(await errors(module)).toMatch(/neither a module nor a keyword of a task \| use timer: a systemd timer/);
});

it("a slip is told as one", async () => {
  expect(await errors("tiemr")).toMatch(/did you mean "timer"\?/);
});
