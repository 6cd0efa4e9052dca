import { expect, it } from "vitest";
import type { StepAnswer } from "../../src/engine/course/stepping.ts";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const text = `- hosts: all
  gather_facts: false
  tasks:
    - { name: one, put: { cell: "{{ item }}", text: z }, loop: [a, b], notify: h }
    - { name: two, put: { cell: c, text: z }, run_once: true }
    - { name: three, put: { cell: d, text: z } }
  handlers:
    - { name: h, put: { cell: h, text: z } }
`;

async function stepped(
  ...answers: readonly StepAnswer[]
): Promise<{ readonly asked: readonly string[]; readonly lines: readonly string[] }> {
  const asked: string[] = [];
  const left = [...answers];
  const step = async (task: string, on: readonly string[]): Promise<StepAnswer> => {
    asked.push(`${task} on ${on.join(", ")}`);
    return left.shift() ?? "yes";
  };
  const { lines } = await drive(text, { a: new FakeHost(), b: new FakeHost() }, { lookahead: false, how: { step } });
  return { asked, lines };
}

it("asks once before each task, loops and handlers included, and for all hosts together", async () => {
  const { asked, lines } = await stepped();
  expect(asked).toEqual(["one on a, b", "two on a, b", "three on a, b", "h on a, b"]);
  expect(lines).toEqual([
    "a changed one",
    "b changed one",
    "a changed two",
    "a changed three",
    "b changed three",
    "a changed h",
    "b changed h",
  ]);
});

it("leaves out what is not wanted, on all hosts", async () => {
  const { asked, lines } = await stepped("no", "no", "yes");
  expect(asked).toEqual(["one on a, b", "two on a, b", "three on a, b"]);
  expect(lines).toEqual(["a changed three", "b changed three"]);
});

it("asks no more after continue", async () => {
  const { asked, lines } = await stepped("no", "continue");
  expect(asked).toEqual(["one on a, b", "two on a, b"]);
  expect(lines).toEqual(["a changed two", "a changed three", "b changed three"]);
});

it("does nothing of a task before it is wanted", async () => {
  const a = new FakeHost();
  let cells = -1;
  const step = async (): Promise<StepAnswer> => {
    cells = Math.max(cells, a.cells.size);
    return "no";
  };
  await drive(text, { a }, { lookahead: false, how: { step } });
  expect(cells).toBe(0);
});
