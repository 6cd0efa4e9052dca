import { expect, it } from "vitest";
import { z } from "zod";
import { change } from "../../src/kernel/change.ts";
import { defineModule } from "../../src/kernel/module.ts";
import { exec } from "../../src/kernel/step.ts";
import { drive } from "./drive.ts";
import { cell, FakeHost } from "./fakehost.ts";

/** Like put of the fake host, with the text as something that can be compared. */
const paper = defineModule({
  name: "paper",
  kind: "state",
  summary: "Puts a text into a cell.",
  args: z.strictObject({ cell: z.string(), text: z.string() }),
  result: z.object({}),
  examples: [],
  facts: (a) => ({ cell: cell(a.cell) }),
  plan: (a, f) =>
    f.cell.value.text === a.text
      ? []
      : [change(f.cell, { text: a.text }, { do: [exec("put", a.cell, a.text)], text: { name: a.cell, before: null, after: a.text } })],
});

const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - { name: as asked, paper: { cell: a, text: x } }
    - { name: always, diff: true, paper: { cell: b, text: x } }
    - { name: never, diff: false, paper: { cell: c, text: x } }
`;

const told = async (diff: boolean): Promise<unknown> => {
  const { tasks } = await drive(playbook, { a: new FakeHost() }, { modules: [paper], diff, check: true });
  return tasks.map((t) => [t.task, t.changes[0]?.diff !== undefined, t.changes[0]?.asked ?? false]);
};

it("a task's own word on diffs wins over the command line", async () => {
  expect(await told(false)).toEqual([
    ["as asked", false, false],
    ["always", true, true],
    ["never", false, false],
  ]);
  expect(await told(true)).toEqual([
    ["as asked", true, false],
    ["always", true, false],
    ["never", false, false],
  ]);
});
