import { expect, it } from "vitest";
import { FakeHost } from "./fakehost.ts";
import { Planning } from "./planning.ts";

const play = (tasks: string, keywords = "", hosts = "all"): string =>
  `- hosts: ${hosts}\n  gather_facts: false\n${keywords}  tasks:\n${tasks.replace(/^(?=.)/gm, "    ")}`;
const hosts = (): Record<"a" | "b", FakeHost> => ({ a: new FakeHost(), b: new FakeHost() });

it("plans a delegated task under its own host, and applies it on the delegate", async () => {
  const fakes = hosts();
  const plan = await Planning.of(
    play("- { name: there, put: { cell: x, text: z }, delegate_to: b }\n- { name: here, put: { cell: y, text: z } }\n", "", "a"),
    fakes,
  );
  expect(plan.task("there")).toMatchObject({ status: "changed", delegates: ["b"], facts: [{ fact: "cell x" }] });
  expect(plan.hosts.map((h) => [h.name, h.questions.map((q) => q.key)])).toEqual([["a", ["y"]]]);
  expect([...fakes.b.cells]).toEqual([]);
  expect((await plan.apply()).lines).toEqual(["a changed there", "a changed here"]);
  expect(fakes.b.cells.get("x")).toBe("z");
});

it("does nothing on a delegate that is no longer as planned", async () => {
  const fakes = hosts();
  const plan = await Planning.of(play("- { name: there, put: { cell: x, text: z }, delegate_to: b }\n", "", "a"), fakes);
  fakes.b.cells.set("x", "moved");
  const { lines, refused } = await plan.apply();
  expect(lines).toEqual([]);
  expect(refused.join()).toContain("cell x is no longer as it was when the plan was made");
  expect(fakes.b.cells.get("x")).toBe("moved");
});

it("plans what runs once on the host that does it, and what all do with its result", async () => {
  const fakes = hosts();
  const plan = await Planning.of(
    play(
      "- { name: once, put: { cell: x, text: '{{ inventory_hostname }}' }, run_once: true, register: r }\n- { name: each, put: { cell: y, text: '{{ r.text }}' } }\n",
    ),
    fakes,
  );
  expect(plan.hosts.map((h) => h.tasks.map((t) => `${t.status} ${t.task}`))).toEqual([["changed once", "changed each"], ["changed each"]]);
  expect((await plan.apply()).lines).toEqual(["a changed once", "a changed each", "b changed each"]);
  expect(fakes.b.cells.get("y")).toBe("a");
});

it("plans and applies batch after batch", async () => {
  const fakes = hosts();
  const plan = await Planning.of(play("- { name: one, run: { cell: x, text: z } }\n", "  serial: 1\n  order: reverse_sorted\n"), fakes);
  expect((await plan.apply()).lines).toEqual(["b changed one", "a changed one"]);
});

it("has no whole plan of a host that the end of the run kept from a play", async () => {
  const fakes = hosts();
  const plan = await Planning.of(
    `${play("- { name: bad, put: { cell: x, text: refuse } }\n", "", "a")}${play("- { name: later, put: { cell: y, text: z } }\n", "", "b")}`,
    fakes,
  );
  expect(plan.hosts.map((h) => h.broken)).toEqual([expect.stringContaining('"bad" failed'), 'no host of the play "a" is left']);
  const { lines } = await plan.apply();
  expect(lines).toEqual([]);
});
