import { expect, it } from "vitest";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^(?=.)/gm, "    ")}`;

const five = play([1, 2, 3, 4, 5].map((n) => `- name: t${n}\n  put: { cell: c${n}, text: x${n} }\n`).join(""));

it("does five predictable tasks in two round trips: one to ask, one to act", async () => {
  const host = new FakeHost();
  const { lines } = await drive(five, { a: host });
  expect(lines).toEqual(["a changed t1", "a changed t2", "a changed t3", "a changed t4", "a changed t5"]);
  expect(host.log.length).toBe(2);
  expect([...host.cells.values()]).toEqual(["x1", "x2", "x3", "x4", "x5"]);
});

it("finds nothing to do in one round trip", async () => {
  const host = new FakeHost();
  await drive(five, { a: host });
  host.log.length = 0;
  const { lines } = await drive(five, { a: host });
  expect(lines.every((l) => l.startsWith("a ok"))).toBe(true);
  expect(host.log.length).toBe(1);
});

it("without look-ahead asks and acts task by task, with the same events", async () => {
  const plain = new FakeHost();
  const chained = new FakeHost();
  const a = await drive(five, { a: plain }, { lookahead: false });
  const b = await drive(five, { a: chained });
  expect(a.lines).toEqual(b.lines);
  expect(plain.log.length).toBe(10);
});

it("decides again when a step wrote something that it did not name", async () => {
  const host = new FakeHost();
  const { lines } = await drive(
    play(
      "- name: run\n  run: { cell: a, text: new }\n- name: undo\n  put: { cell: a2, text: old }\n- name: same\n  put: { cell: a, text: new }\n",
    ),
    { a: host },
  );
  expect(lines).toEqual(["a changed run", "a changed undo", "a ok same"]);
  expect(host.cells.get("a2")).toBe("old");
});

it("stops the chain at drift between the links and does only what is left", async () => {
  const host = new FakeHost();
  host.beforeStep = ([, name]) => {
    if (name === "c1") host.cells.set("c3", "x3");
  };
  const { lines } = await drive(five, { a: host });
  expect(lines).toEqual(["a changed t1", "a changed t2", "a ok t3", "a changed t4", "a changed t5"]);
});

it("calls a task ok only when what it stands on is still so behind the last step of the chain", async () => {
  const host = new FakeHost();
  for (const n of [2, 3, 4, 5]) host.cells.set(`c${n}`, `x${n}`);
  host.beforeStep = ([, name]) => {
    if (name === "c1") host.cells.set("c4", "overwritten in passing");
  };
  const { lines } = await drive(five, { a: host });
  expect(lines).toEqual(["a changed t1", "a ok t2", "a ok t3", "a changed t4", "a ok t5"]);
});

it("fails a state that did not converge and shows what is left", async () => {
  const host = new FakeHost();
  const { tasks, summary } = await drive(
    play("- name: liar\n  lie: { cell: a, text: truth }\n- name: after\n  put: { cell: b, text: x }\n"),
    { a: host },
  );
  expect(tasks.map((t) => t.status)).toEqual(["failed"]);
  expect(tasks[0]?.message).toContain("did not converge");
  expect(tasks[0]?.message).toContain("cell a");
  expect(summary?.failed).toBe(true);
  expect(host.cells.has("b")).toBe(false);
});

it("stops a host at a failed step and keeps the links before it", async () => {
  const host = new FakeHost();
  host.broken.add("c3");
  const { lines, tasks } = await drive(five, { a: host });
  expect(lines).toEqual(["a changed t1", "a changed t2", "a failed t3"]);
  expect(tasks[2]?.stderr).toBe("c3 is broken");
  expect(host.cells.has("c4")).toBe(false);
});

it("lets the other hosts go on when one cannot be reached", async () => {
  const host = new FakeHost();
  const { summary, events } = await drive(five, { a: undefined, b: host });
  expect(summary?.hosts.a?.unreachable).toBe(1);
  expect(summary?.hosts.b?.changed).toBe(5);
  expect(events.find((e) => e.event === "host")).toMatchObject({ host: "a", message: "a does not answer", help: "switch it on" });
});

it("tells the events of several hosts task by task", async () => {
  const { lines } = await drive(five, { a: new FakeHost(), b: new FakeHost() });
  expect(lines.slice(0, 4)).toEqual(["a changed t1", "b changed t1", "a changed t2", "b changed t2"]);
});

const shouts = play(
  [1, 2, 3, 4, 5].map((n) => `- name: s${n}\n  shout: { cell: c${n}, text: x${n} }\n${n === 2 ? "  changed_when: true\n" : ""}`).join("") +
    "- name: t\n  put: { cell: c1, text: x1 }\n",
);

it("does an action on all hosts before the next begins", async () => {
  const order: string[] = [];
  const hosts = { a: new FakeHost(), b: new FakeHost() };
  for (const [name, host] of Object.entries(hosts)) host.beforeStep = ([, cell]) => order.push(`${cell} ${name}`);
  await drive(shouts, hosts);
  expect(order.map((o) => o.split(" ")[0])).toEqual(["c1", "c1", "c2", "c2", "c3", "c3", "c4", "c4", "c5", "c5"]);
});

it("acts as whom each task says, also where it asks nothing", async () => {
  const host = new FakeHost();
  const { lines } = await drive(
    play(
      "- name: root\n  put: { cell: a, text: x }\n  become: true\n- name: ann\n  shout: { cell: b, text: x }\n  become: true\n  become_user: ann\n- name: me\n  shout: { cell: c, text: x }\n",
    ),
    { a: host },
  );
  expect(lines).toEqual(["a changed root", "a changed ann", "a changed me"]);
  expect(host.log.filter((l) => l.links > 0).map((l) => l.as)).toEqual(["sudo root", "sudo ann", "login"]);
});

it("does nothing behind an action whose output is still to be judged", async () => {
  const host = new FakeHost();
  const { lines } = await drive(play("- name: d\n  doubt: { cell: a, text: x }\n- name: s\n  shout: { cell: b, text: x }\n"), { a: host });
  expect(lines).toEqual(["a failed d"]);
  expect(host.cells.has("b")).toBe(false);
});
