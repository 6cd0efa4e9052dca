import { expect, it } from "vitest";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^(?=.)/gm, "    ")}`;

/** A host that is ready behind so many exchanges. */
function ready(after: number, cell = "a"): FakeHost {
  const host = new FakeHost();
  let left = after;
  host.beforeWork = () => {
    if (left-- <= 0) host.cells.set(cell, "up");
  };
  return host;
}

const told = (events: readonly { readonly event: string }[]): unknown[] => events.flatMap((e) => (e.event === "retry" ? [e] : []));

const ask = play(
  "- name: ask\n  tell: { cell: a }\n  register: r\n  until: r.text == 'up'\n  retries: 4\n  delay: 0\n- name: after\n  debug: { msg: '{{ r.attempts }} tries' }\n",
);

it.each([true, false])("asks a question again until it is answered as wanted, and counts the tries (look-ahead %s)", async (lookahead) => {
  const { lines, tasks, events, errors } = await drive(ask, { a: ready(2) }, { lookahead });
  expect(errors).toEqual([]);
  expect(lines).toEqual(["a ok ask", "a ok after"]);
  expect(tasks[1]?.message).toBe("3 tries");
  expect(told(events)).toMatchObject([
    { host: "a", task: "ask", attempt: 1, of: 5, seconds: 0, message: "until: r.text == 'up'" },
    { attempt: 2, of: 5 },
  ]);
});

it.each([true, false])("gives up behind the last try, and says what did not hold (look-ahead %s)", async (lookahead) => {
  const { lines, tasks, events } = await drive(ask, { a: new FakeHost() }, { lookahead });
  expect(lines).toEqual(["a failed ask"]);
  expect(tasks[0]?.message).toBe("gave up after 5 tries; until: r.text == 'up'");
  expect(told(events).length).toBe(4);
});

it.each([true, false])(
  "does an action again until its result is as wanted, and ends its chain there (look-ahead %s)",
  async (lookahead) => {
    const host = new FakeHost();
    let times = 0;
    const done: string[] = [];
    host.beforeStep = ([, cell = "", text = ""]) => {
      done.push(`${cell}=${text}`);
      if (cell === "b" && ++times < 3) host.broken.add("b");
      else host.broken.delete("b");
    };
    const { lines, events } = await drive(
      play(
        "- name: first\n  put: { cell: a, text: x }\n- name: again\n  shout: { cell: b, text: y }\n  retries: 5\n  delay: 0\n  register: r\n- name: last\n  put: { cell: c, text: 't{{ r.attempts }}' }\n",
      ),
      { a: host },
      { lookahead },
    );
    expect(lines).toEqual(["a changed first", "a changed again", "a changed last"]);
    expect(done).toEqual(["a=x", "b=y", "b=y", "b=y", "c=t3"]);
    expect(told(events)).toMatchObject([{ task: "again", attempt: 1, of: 6, message: "b is broken" }, { attempt: 2 }]);
    // What came before is told before.
    expect(events.findIndex((e) => e.event === "task")).toBeLessThan(events.findIndex((e) => e.event === "retry"));
  },
);

it("does a state again that did not converge, and each time only what is left", async () => {
  const host = new FakeHost();
  const { lines, tasks, events } = await drive(play("- name: liar\n  lie: { cell: a, text: x }\n  retries: 2\n  delay: 0\n"), { a: host });
  expect(lines).toEqual(["a failed liar"]);
  expect(tasks[0]?.message).toMatch(/^gave up after 3 tries; did not converge/);
  expect(told(events).length).toBe(2);
});

it("tries four times when only until is given, as Ansible does", async () => {
  const { events } = await drive(play("- name: ask\n  tell: { cell: a }\n  register: r\n  until: r.text == 'up'\n  delay: 0\n"), {
    a: new FakeHost(),
  });
  expect(told(events)).toMatchObject([{ of: 4 }, { of: 4 }, { of: 4 }]);
});

it("does not try a task again whose until holds at once, and a failure that until does not mind stays one", async () => {
  const host = new FakeHost();
  host.broken.add("b");
  const { lines, events } = await drive(play("- name: s\n  shout: { cell: b, text: y }\n  register: r\n  until: r.failed\n  delay: 0\n"), {
    a: host,
  });
  expect(lines).toEqual(["a failed s"]);
  expect(told(events)).toEqual([]);
});

it("tries what could not even be decided again: the condition may read what a failure does not have", async () => {
  const host = new FakeHost();
  host.mute.add("a");
  let exchanges = 0;
  host.beforeWork = () => {
    if (++exchanges > 2) host.mute.delete("a");
    host.cells.set("a", "up");
  };
  const { lines, events } = await drive(ask, { a: host });
  expect(lines).toEqual(["a ok ask", "a ok after"]);
  expect(told(events)).toMatchObject([{ message: "until: r.text == 'up'" }, {}]);
});

it("takes each turn of a loop for itself", async () => {
  const host = new FakeHost();
  let asked = 0;
  host.beforeWork = () => {
    asked++;
    if (asked >= 2) host.cells.set("a", "up");
    if (asked >= 4) host.cells.set("b", "up");
  };
  const { tasks, events } = await drive(
    play(
      "- name: ask\n  tell: { cell: '{{ item }}' }\n  loop: [a, b]\n  register: r\n  until: r.text == 'up'\n  retries: 4\n  delay: 0\n- name: after\n  debug: { msg: '{{ r.results.[0].attempts }} {{ r.results.[1].attempts }}' }\n",
    ),
    { a: host },
  );
  expect(tasks.map((t) => t.status)).toEqual(["ok", "ok"]);
  expect(told(events)).toMatchObject([
    { item: "a", attempt: 1 },
    { item: "b", attempt: 1 },
    { item: "b", attempt: 2 },
  ]);
  expect(tasks[1]?.message).toBe("2 3");
});

it("in check mode asks a question again, does not retry what would not be run, and calls what waits for it maybe", async () => {
  const asked = await drive(ask, { a: ready(1) }, { check: true });
  expect(asked.lines).toEqual(["a ok ask", "a ok after"]);
  const host = new FakeHost();
  const { lines, events } = await drive(
    play(
      "- name: do\n  shout: { cell: a, text: x }\n  register: r\n  until: r.rc == 7\n- name: after\n  put: { cell: b, text: '{{ r.attempts }}' }\n",
    ),
    { a: host },
    { check: true },
  );
  expect(lines).toEqual(["a changed do", "a maybe after"]);
  expect(told(events)).toEqual([]);
});

it("no host goes on before all have had their last try", async () => {
  const order: string[] = [];
  const hosts = { a: ready(2), b: ready(0) };
  for (const [name, host] of Object.entries(hosts)) host.beforeStep = ([, cell]) => order.push(`${name} ${cell}`);
  const { lines, events } = await drive(
    play("- name: ask\n  tell: { cell: a }\n  register: r\n  until: r.text == 'up'\n  delay: 0\n- name: do\n  put: { cell: z, text: x }\n"),
    hosts,
  );
  expect(lines).toEqual(["b ok ask", "a ok ask", "a changed do", "b changed do"]);
  const told = events.flatMap((e) => (e.event === "retry" ? [`retry ${e.host}`] : e.event === "task" ? [`${e.host} ${e.task}`] : []));
  expect(told.indexOf("b do")).toBeGreaterThan(told.lastIndexOf("retry a"));
});

it("names what is wrong before anything is connected", async () => {
  const { errors } = await drive(
    play(
      "- put: { cell: a, text: x }\n  register: r\n  until: r.txt == 'x'\n- put: { cell: a, text: x }\n  retries: -1\n- put: { cell: a, text: x }\n  delay: 3\n- put: { cell: a, text: x }\n  retries: many\n",
    ),
    { a: new FakeHost() },
  );
  expect(errors).toEqual([
    "8:16 retries must be 0 or a positive number, this is the number -1 | write retries: 5",
    "10:14 delay stands without until or retries | add retries: 3, or until with a condition",
    '12:16 retries must be 0 or a positive number, this is the text "many" | write retries: 5',
  ]);
  const wrong = await drive(play("- put: { cell: a, text: x }\n  register: r\n  until: r.txt == 'x'\n"), { a: new FakeHost() });
  expect(wrong.errors[0]).toContain("txt");
});

it("tells the tries of a task that is done alone as they happen", async () => {
  const hosts = { a: ready(2, "x"), b: new FakeHost() };
  const { lines, events } = await drive(
    play("- name: once\n  tell: { cell: x }\n  run_once: true\n  register: r\n  until: r.text == 'up'\n  delay: 0\n"),
    hosts,
  );
  expect(lines).toEqual(["a ok once"]);
  expect(told(events)).toMatchObject([
    { host: "a", attempt: 1, of: 4 },
    { host: "a", attempt: 2, of: 4 },
  ]);
});

it("waits between two tries as long as the task says", async () => {
  const started = performance.now();
  const { events } = await drive(
    play("- name: ask\n  tell: { cell: a }\n  register: r\n  until: r.text == 'up'\n  retries: 3\n  delay: 0.2\n"),
    { a: ready(3) },
  );
  expect(told(events)).toMatchObject([{ seconds: 0.2 }, { seconds: 0.2 }, { seconds: 0.2 }]);
  expect(performance.now() - started).toBeGreaterThan(590);
});
