import { expect, it } from "vitest";
import type { Target } from "../../src/kernel/target.ts";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

/** Five hosts, and how many of them were at work on each cell at the same time. */
async function most(task: string): Promise<Readonly<Record<string, number>>> {
  const names = ["a", "b", "c", "d", "e"];
  const at = new Map<string, number>();
  const most: Record<string, number> = {};
  const hosts = new Map(names.map((n) => [n, new FakeHost()]));
  const connect = async ({ host }: { readonly host: string }): Promise<Target> => {
    const fake = hosts.get(host) ?? new FakeHost();
    return {
      get counts() {
        return fake.counts;
      },
      close: () => fake.close(),
      async perform(work) {
        const cells = work.links.flatMap((l) => l.steps.map((s) => (s.do === "exec" ? (s.argv[1] ?? "") : "")));
        for (const cell of cells) {
          const now = (at.get(cell) ?? 0) + 1;
          at.set(cell, now);
          most[cell] = Math.max(most[cell] ?? 0, now);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
        for (const cell of cells) at.set(cell, (at.get(cell) ?? 0) - 1);
        return fake.perform(work);
      },
    };
  };
  const { lines } = await drive(
    `- hosts: all\n  gather_facts: false\n  tasks:\n${task}`,
    Object.fromEntries(names.map((n) => [n, undefined])),
    { connect },
  );
  expect(lines.every((l) => l.includes(" changed "))).toBe(true);
  return most;
}

it("lets no more hosts than the throttle act at the same time, and those of other tasks all", async () => {
  const text =
    "    - { name: free, shout: { cell: p, text: x } }\n    - { name: two, shout: { cell: q, text: x }, throttle: 2 }\n    - { name: one, shout: { cell: r, text: x }, throttle: 1 }\n";
  expect(await most(text)).toEqual({ p: 5, q: 2, r: 1 });
});

it("holds for a chain when it holds for one of its tasks", async () => {
  const text = "    - { name: first, put: { cell: p, text: x } }\n    - { name: two, put: { cell: q, text: x }, throttle: 2 }\n";
  expect(await most(text)).toEqual({ p: 2, q: 2 });
});
