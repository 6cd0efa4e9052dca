import { expect, it } from "vitest";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`;
const files = {
  "one.yml": '- { name: "set {{ item }}", put: { cell: "{{ item }}", text: x } }\n',
  "plain.yml": "- { name: inner, put: { cell: i, text: x }, tags: [deep] }\n",
};

it("runs an included file once per turn of its loop, in one chain", async () => {
  const host = new FakeHost();
  const { lines } = await drive(
    play("    - { include_tasks: one.yml, loop: [a, b] }\n    - { name: after, put: { cell: z, text: x } }\n"),
    { h: host },
    { files },
  );
  expect(lines).toEqual(["h changed set a", "h changed set b", "h changed after"]);
  expect(host.log.length).toBe(2);
});

it("passes over an include whose condition does not hold", async () => {
  const { lines } = await drive(play('    - { include_tasks: plain.yml, when: "1 == 2" }\n'), { h: new FakeHost() }, { files });
  expect(lines).toEqual([]);
});

it("follows an include whose name only a result tells", async () => {
  const host = new FakeHost();
  host.cells.set("name", "plain");
  const { lines } = await drive(
    play('    - { name: ask, tell: { cell: name }, register: r }\n    - include_tasks: "{{ r.text }}.yml"\n'),
    { h: host },
    { files },
  );
  expect(lines).toEqual(["h ok ask", "h changed inner"]);
});

it("fails the host when the included file is not there after all", async () => {
  const host = new FakeHost();
  host.cells.set("name", "nowhere");
  const { tasks } = await drive(
    play('    - { name: ask, tell: { cell: name }, register: r }\n    - include_tasks: "{{ r.text }}.yml"\n'),
    { h: host },
    { files },
  );
  expect(tasks.at(-1)).toMatchObject({ status: "failed", message: expect.stringContaining("nowhere.yml") });
});

it("chooses by tags through an include", async () => {
  const tasks = play(
    "    - include_tasks: plain.yml\n    - { name: other, put: { cell: o, text: x } }\n    - { name: each time, put: { cell: e, text: x }, tags: [always] }\n    - { name: on request, put: { cell: n, text: x }, tags: [never, deep2] }\n",
  );
  const run = async (options: object): Promise<readonly string[]> =>
    (await drive(tasks, { h: new FakeHost() }, { files, ...options })).lines;
  expect(await run({ tags: ["deep"] })).toEqual(["h changed inner", "h changed each time"]);
  expect(await run({ skipTags: ["deep"] })).toEqual(["h changed other", "h changed each time"]);
  expect(await run({ tags: ["deep2"] })).toEqual(["h changed each time", "h changed on request"]);
});

it("in check mode calls an include maybe when its name waits for an action", async () => {
  const { tasks } = await drive(
    play(
      '    - { name: act, run: { cell: a, text: x }, register: r }\n    - include_tasks: "{{ r.text }}.yml"\n    - { name: after, put: { cell: z, text: x } }\n',
    ),
    { h: new FakeHost() },
    { files, check: true },
  );
  expect(tasks.map((t) => t.status)).toEqual(["changed", "maybe", "changed"]);
  expect(tasks[1]?.waitsFor).toBe("act");
});
