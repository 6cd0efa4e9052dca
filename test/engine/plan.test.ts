import { expect, it } from "vitest";
import { FakeHost } from "./fakehost.ts";
import { Planning } from "./planning.ts";

const play = (tasks: string, rest = ""): string =>
  `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^(?=.)/gm, "    ")}${rest}`;
const put = (name: string, cell: string, text: string): string => `- name: ${name}\n  put: { cell: ${cell}, text: ${text} }\n`;
const three = play(put("t1", "c1", "x1") + put("t2", "c2", "x2") + put("t3", "c3", "x3"));

it("plans without a step, in one exchange, and says of every fact whether it is observed or predicted, and by whom", async () => {
  const host = new FakeHost();
  host.cells.set("c2", "x2");
  const plan = await Planning.of(play(put("first", "a", "one") + put("second", "a", "two") + put("third", "c2", "x2")), { a: host });
  expect(plan.lines).toEqual(["1 changed first", "2 changed second", "3 ok third"]);
  expect(host.log).toMatchObject([{ links: 0, asked: ['cell "a"', 'cell "c2"'] }]);
  expect(host.cells).toEqual(new Map([["c2", "x2"]]));
  expect(plan.task("first").facts).toEqual([{ fact: "cell a", id: expect.any(String), digest: expect.any(String) }]);
  expect(plan.task("second").facts).toEqual([
    { fact: "cell a", id: plan.task("first").facts[0]?.id, digest: expect.any(String), predictedBy: 1 },
  ]);
  expect(plan.task("second").facts[0]?.digest).not.toBe(plan.task("first").facts[0]?.digest);
  expect(plan.summary.changed).toBe(true);
});

it("applies what it planned: asks everything in one exchange, then acts in a chain, and a second plan finds nothing", async () => {
  const host = new FakeHost();
  const plan = await Planning.of(three, { a: host });
  host.log.length = 0;
  const { lines, summary } = await plan.apply();
  expect(lines).toEqual(["a changed t1", "a changed t2", "a changed t3"]);
  expect(summary.failed).toBe(false);
  expect(host.log[0]).toMatchObject({ links: 0, asked: ['cell "c1"', 'cell "c2"', 'cell "c3"'] });
  expect(host.log.map((e) => e.links)).toEqual([0, 3]);
  expect((await Planning.of(three, { a: host })).summary.changed).toBe(false);
});

it("asks all of several plays and of answers that hang on others in its first exchange", async () => {
  const chained = play(
    "- name: look\n  tell: { cell: where }\n  register: found\n- name: there\n  put: { cell: '{{ found.text }}', text: x }\n",
  );
  const host = new FakeHost();
  host.cells.set("where", "c9");
  const plan = await Planning.of(`${chained}${play(put("later", "c5", "y"))}`, { a: host });
  expect(host.log.length).toBe(3);
  host.log.length = 0;
  const { lines } = await plan.apply();
  expect(host.log[0]?.asked.toSorted()).toEqual(['cell "c5"', 'cell "c9"', 'cell "where"']);
  expect(lines).toEqual(["a ok look", "a changed there", "a changed later"]);
});

it("asks each user once", async () => {
  const host = new FakeHost();
  const tasks =
    three +
    put("as root", "r1", "x")
      .replace(/^(?=.)/gm, "    ")
      .replace(/\n$/, "\n      become: true\n") +
    put("t5", "c5", "x").replace(/^(?=.)/gm, "    ");
  const plan = await Planning.of(tasks, { a: host });
  expect(host.log.map((e) => e.asked)).toEqual([['cell "c1"', 'cell "c2"', 'cell "c3"', 'cell "c5"'], ['cell "r1"']]);
  host.log.length = 0;
  expect((await plan.apply()).lines).toHaveLength(5);
  expect(host.log.slice(0, 2).map((e) => e.asked)).toEqual([['cell "c1"', 'cell "c2"', 'cell "c3"', 'cell "c5"'], ['cell "r1"']]);
});

it("applies a loop whose turns change the same object one after the other", async () => {
  const tasks =
    "- name: turns\n  put: { cell: same, text: '{{ item }}' }\n  loop: [x, y, z]\n- name: other\n  run: { cell: o, text: x }\n  become: true\n";
  const host = new FakeHost();
  const plan = await Planning.of(play(`${tasks}${tasks}`), { a: host });
  const { lines, tasks: told } = await plan.apply();
  expect(lines, told.at(-1)?.message).toEqual(["a changed turns", "a changed other", "a changed turns", "a changed other"]);
});

it("lets a handler that another one notifies come twice", async () => {
  const handlers =
    "  handlers:\n    - name: one\n      put: { cell: h, text: '{{ which }}' }\n      vars: { which: '{{ inventory_hostname }}' }\n    - name: two\n      put: { cell: h, text: other }\n      notify: one\n";
  const host = new FakeHost();
  const plan = await Planning.of(play(`${put("t1", "c1", "x")}  notify: [one, two]\n`, handlers), { a: host });
  expect(plan.lines).toEqual(["1 changed t1", "2 changed one", "3 changed two", "4 changed one"]);
  const { lines, summary } = await plan.apply();
  expect(lines.toSorted()).toEqual(["a changed one", "a changed one", "a changed t1", "a changed two"]);
  expect(summary.failed).toBe(false);
});

it("refuses a host before its first step when a fact moved, naming it and its task, and lets the others go on", async () => {
  const [a, b] = [new FakeHost(), new FakeHost()];
  const plan = await Planning.of(three, { a, b });
  a.cells.set("c3", "by somebody else");
  const { lines, refused, summary, events } = await plan.apply();
  expect(lines).toEqual(["b changed t1", "b changed t2", "b changed t3"]);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toMatch(/^a refused: cell c3 is no longer as it was when the plan was made \(task 3, t3\)/);
  expect(a.cells).toEqual(new Map([["c3", "by somebody else"]]));
  expect(a.log.every((e) => e.links === 0)).toBe(true);
  expect(summary).toMatchObject({
    failed: true,
    unreachable: false,
    hosts: { a: { failed: 1, changed: 0 }, b: { failed: 0, changed: 3 } },
  });
  expect(events.filter((e) => e.event === "start")).toHaveLength(1);
  expect(events.filter((e) => e.event === "connected").map((e) => e.host)).toEqual(["a", "b"]);
});

it("refuses also when what is fine already moved away from that", async () => {
  const host = new FakeHost();
  host.cells.set("c1", "x1");
  const plan = await Planning.of(three, { a: host });
  host.cells.set("c1", "otherwise");
  const { refused } = await plan.apply();
  expect(refused[0]).toContain("cell c1 is no longer as it was when the plan was made (task 1, t1)");
  expect(host.cells.has("c2")).toBe(false);
});

it("stops a host when an object is changed by somebody else between the asking and its own turn", async () => {
  const host = new FakeHost();
  const plan = await Planning.of(three, { a: host });
  host.beforeStep = ([, name]) => {
    if (name === "c1") host.cells.set("c2", "by somebody else");
  };
  const { lines, tasks } = await plan.apply();
  expect(lines).toEqual(["a changed t1", "a failed t2"]);
  expect(tasks.at(-1)?.message).toContain("cell c2 is no longer as it was when the plan was made");
  expect(host.cells.get("c2")).toBe("by somebody else");
  expect(host.cells.has("c3")).toBe(false);
});

it("stops a host when an object is changed by somebody else between the asking and the first step", async () => {
  const host = new FakeHost();
  const plan = await Planning.of(three, { a: host });
  host.beforeWork = (work) => {
    if (work.links.length > 0) host.cells.set("c1", "by somebody else");
  };
  const { tasks } = await plan.apply();
  expect(tasks.map((t) => [t.status, t.message])).toEqual([["failed", "cell c1 is no longer as it was when the plan was made"]]);
  expect(host.cells).toEqual(new Map([["c1", "by somebody else"]]));
});

it("goes on when somebody else did in the meantime what was planned", async () => {
  const host = new FakeHost();
  const plan = await Planning.of(three, { a: host });
  host.beforeStep = ([, name]) => {
    if (name === "c1") host.cells.set("c2", "x2");
  };
  expect((await plan.apply()).lines).toEqual(["a changed t1", "a ok t2", "a changed t3"]);
});

it("stops a host at a change that the plan did not show, whatever would ignore or rescue a failure", async () => {
  const host = new FakeHost();
  host.cells.set("fine", "yes");
  const tasks = `${put("before", "c1", "x")}- block:\n    - name: fine\n      put: { cell: fine, text: 'yes' }\n      ignore_errors: true\n  rescue:\n    - name: rescue\n      put: { cell: saved, text: x }\n${put("after", "c2", "x")}`;
  const plan = await Planning.of(play(tasks), { a: host });
  host.beforeStep = () => host.cells.set("fine", "no more");
  const { lines, tasks: told, summary } = await plan.apply();
  expect(lines).toEqual(["a changed before", "a failed fine"]);
  expect(told.at(-1)?.message).toMatch(/^the plan does not show this change: cell fine \(text\); nothing of this task was done/);
  expect(told.at(-1)?.ignored).toBeUndefined();
  expect(summary.failed).toBe(true);
  expect(host.cells.get("fine")).toBe("no more");
  expect(host.cells.has("saved") || host.cells.has("c2")).toBe(false);
});

it("decides later what waits for a result, and what that notifies, and says so in the plan", async () => {
  const tasks =
    "- name: run\n  run: { cell: a, text: new }\n  register: ran\n- name: use\n  put: { cell: c1, text: '{{ ran.text }}' }\n  notify: handle\n";
  const plan = await Planning.of(play(tasks, "  handlers:\n    - name: handle\n      put: { cell: handled, text: x }\n"), {
    a: new FakeHost(),
  });
  expect(plan.task("use")).toMatchObject({ status: "maybe", waitsFor: "run" });
  expect((await plan.apply()).lines).toEqual(["a changed run", "a changed use", "a changed handle"]);
});

it("stops a host whose maybe leads to a change elsewhere that the plan did not show", async () => {
  const host = new FakeHost();
  host.cells.set("b2", "x");
  const tasks = `- name: run\n  run: { cell: b, text: new }\n${put("fine", "b2", "x")}`;
  const plan = await Planning.of(play(tasks), { a: host });
  expect(plan.lines).toEqual(["1 changed run", "2 ok fine"]);
  const { lines } = await plan.apply();
  expect(lines).toEqual(["a changed run", "a failed fine"]);
  expect(host.cells.get("b2")).toBe("new");
});

it("lets a change come out otherwise in the same fields behind a task of unknown effect", async () => {
  const tasks = `- name: run\n  run: { cell: b, text: brought }\n- name: adds\n  add: { cell: b2, text: line }\n${put("after", "c1", "x")}`;
  const host = new FakeHost();
  const plan = await Planning.of(play(tasks), { a: host });
  expect(plan.lines).toEqual(["1 changed run", "2 changed adds", "3 changed after"]);
  expect(plan.task("run").opaque).toBe(true);
  expect((await plan.apply()).lines).toEqual(["a changed run", "a changed adds", "a changed after"]);
  expect(host.cells.get("b2")).toBe("brought line");
});

it("shows that a rescue is possible, and lets it run when the block failed", async () => {
  const host = new FakeHost();
  const tasks = `- block:\n${put("risky", "c1", "x").replace(/^(?=.)/gm, "    ")}  rescue:\n${put("saved", "c2", "y").replace(/^(?=.)/gm, "    ")}`;
  const plan = await Planning.of(play(tasks), { a: host });
  expect(plan.lines).toEqual(["1 changed risky", "2 maybe rescue"]);
  expect(plan.task("rescue").waitsFor).toBe("a failure of risky");
  host.broken.add("c1");
  const { lines, summary } = await plan.apply();
  expect(lines).toEqual(["a failed risky", "a changed saved"]);
  expect(summary.failed).toBe(false);
});

it("changes nothing for a task with check_mode: false, and plans for what a real run sees", async () => {
  const host = new FakeHost();
  const tasks = `${put("real", "c1", "x")}  check_mode: false\n${put("not in check", "c2", "x")}  when: '!ansible_check_mode'\n`;
  const plan = await Planning.of(play(tasks), { a: host });
  expect(plan.lines).toEqual(["1 changed real", "2 changed not in check"]);
  expect(host.cells.size).toBe(0);
  expect((await plan.apply()).lines).toEqual(["a changed real", "a changed not in check"]);
});

it("keeps a plan of the hosts that could be planned, and leaves the others alone", async () => {
  const [good, bad] = [new FakeHost(), new FakeHost()];
  const plan = await Planning.of(
    play(`${put("t1", "c1", "x")}- name: refuse\n  put: { cell: c2, text: refuse }\n  when: inventory_hostname == "bad"\n`),
    {
      good,
      bad,
    },
  );
  expect(plan.hosts.map((h) => [h.name, h.broken])).toEqual([
    ["good", undefined],
    ["bad", 'the task "refuse" failed: this text is refused'],
  ]);
  const { lines, refused } = await plan.apply();
  expect(lines).toEqual(["good changed t1", "good skipped refuse"]);
  expect(refused[0]).toContain('bad refused: there is no whole plan of this host: the task "refuse" failed');
  expect(bad.cells.size).toBe(0);
});

it("a plan asks a question until it holds, and what it applies may be tried again", async () => {
  const host = new FakeHost();
  let left = 2;
  host.beforeWork = () => {
    if (left-- <= 0) host.cells.set("q", "up");
  };
  const text = play(
    "- name: ask\n  tell: { cell: q }\n  register: r\n  until: r.text == 'up'\n  delay: 0\n- name: act\n  shout: { cell: a, text: x }\n  retries: 3\n  delay: 0\n- name: then\n  put: { cell: b, text: y }\n",
  );
  const plan = await Planning.of(text, { a: host });
  expect(plan.lines).toEqual(["1 ok ask", "2 changed act", "3 changed then"]);
  let tries = 0;
  host.beforeStep = ([, cell = ""]) => {
    if (cell === "a" && ++tries < 3) host.broken.add("a");
    else host.broken.delete("a");
  };
  const { lines, refused, events } = await plan.apply();
  expect(refused).toEqual([]);
  expect(lines).toEqual(["a ok ask", "a changed act", "a changed then"]);
  expect(events.filter((e) => e.event === "retry").length).toBe(2);
});
