import { describe, expect, it } from "vitest";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const play = (body: string): string => `- hosts: all\n  gather_facts: false\n${body.replace(/^(?=.)/gm, "  ")}`;
const on = async (body: string, host = new FakeHost(), options = {}): Promise<readonly string[]> =>
  (await drive(play(body), { a: host }, options)).lines;

describe("blocks", () => {
  const block =
    "tasks:\n  - block:\n      - { name: one, put: { cell: bad, text: x } }\n      - { name: two, put: { cell: c, text: x } }\n    rescue:\n      - { name: saved, put: { cell: r, text: x } }\n    always:\n      - { name: last, put: { cell: l, text: x } }\n  - { name: after, put: { cell: z, text: x } }\n";
  const broken = (): FakeHost => {
    const host = new FakeHost();
    host.broken.add("bad");
    return host;
  };

  it("run through without a failure", async () => {
    expect(await on(block)).toEqual(["a changed one", "a changed two", "a changed last", "a changed after"]);
  });

  it("go to rescue and always, then on", async () => {
    expect(await on(block, broken())).toEqual(["a failed one (rescued)", "a changed saved", "a changed last", "a changed after"]);
  });

  it("without rescue run always and then leave the play", async () => {
    const { lines, summary } = await drive(play(block.replace(/ {4}rescue:\n.*\n/, "")), { a: broken() });
    expect(lines).toEqual(["a failed one", "a changed last"]);
    expect(summary?.failed).toBe(true);
  });

  it("never ask the questions of a rescue ahead", async () => {
    const host = new FakeHost();
    await on(block, host);
    expect(host.log.flatMap((l) => l.asked)).not.toContain('cell "r"');
  });
});

describe("handlers", () => {
  const notify =
    "tasks:\n  - { name: one, put: { cell: a, text: x }, notify: restart }\n  - { name: two, put: { cell: b, text: x }, notify: topic }\nhandlers:\n  - { name: restart, run: { cell: h, text: x } }\n  - { name: other, listen: topic, run: { cell: o, text: x } }\n  - { name: never called, run: { cell: n, text: x } }\n";

  it("run once, in their order, when they were notified", async () => {
    expect(await on(notify)).toEqual(["a changed one", "a changed two", "a changed restart", "a changed other"]);
  });

  it("do not run when nothing changed", async () => {
    const host = new FakeHost();
    await on(notify, host);
    expect(await on(notify, host)).toEqual(["a ok one", "a ok two"]);
  });

  it("run in the middle at meta: flush_handlers", async () => {
    expect(await on(notify.replace("  - { name: two", "  - meta: flush_handlers\n  - { name: two"))).toEqual([
      "a changed one",
      "a changed restart",
      "a changed two",
      "a changed other",
    ]);
  });
});

describe("handlers of roles", () => {
  const tell = (name: string, cell: string, more = ""): string => `- { name: ${name}, put: { cell: ${cell}, text: x }${more} }\n`;
  const files = {
    "roles/one/tasks/main.yml": tell("first", "a", ', notify: "{{ called }}"'),
    "roles/one/handlers/main.yml": tell("restart", "one", ", listen: all") + tell("alone", "alone", ", listen: all"),
    "roles/two/tasks/main.yml": tell("second", "b"),
    "roles/two/handlers/main.yml": tell("restart", "two", ", listen: all"),
  };
  const ran = async (called: string, more = "", roles = "roles: [one, two]\n"): Promise<string[]> => {
    const host = new FakeHost();
    const { errors } = await drive(play(`vars: { called: "${called}" }\n${roles}${more}`), { a: host }, { files });
    expect(errors).toEqual([]);
    return [...host.cells.keys()].filter((cell) => !["a", "b"].includes(cell));
  };
  const own = "handlers:\n  - { name: restart, put: { cell: own, text: x } }\n";

  it("share their names with all of the play: the last of a name is meant, whoever notifies it", async () => {
    expect(await ran("restart")).toEqual(["two"]);
    expect(await ran("restart", own)).toEqual(["own"]);
  });

  it("are told apart by the name of the role in front", async () => {
    expect(await ran("one : restart", own)).toEqual(["one"]);
  });

  it("that listen to a topic all run, the last of each name", async () => {
    expect(await ran("all", own)).toEqual(["alone", "two"]);
  });

  it("come last when an included role brings them, and run behind the play's own", async () => {
    const tasks = "tasks:\n  - { include_role: { name: two } }\n  - { name: late, put: { cell: b, text: y }, notify: [restart, mine] }\n";
    const mine = "  - { name: mine, put: { cell: mine, text: x } }\n";
    expect(await ran("alone", tasks + own + mine, "roles: [one]\n")).toEqual(["alone", "mine", "two"]);
  });
});

describe("a loop under a condition", () => {
  const each = (loop: string, when: string): string =>
    `tasks:\n  - { name: each, put: { cell: "{{ item }}", text: x }, loop: ${loop}, when: ${when}, register: r }\n  - { name: told, put: { cell: s, text: "skipped {{ r.skipped }}" } }\n`;

  it("has its condition asked once for each item", async () => {
    const host = new FakeHost();
    expect(await on(each("[a, b]", `'item == "b"'`), host)).toEqual(["a changed each", "a changed told"]);
    expect([...host.cells]).toEqual([
      ["b", "x"],
      ["s", "skipped false"],
    ]);
  });

  it("needs no list where the condition is false whatever the item", async () => {
    const host = new FakeHost();
    expect(await on(each('"{{ nowhere }}"', `'defined("nowhere")'`), host)).toEqual(["a skipped each", "a changed told"]);
    expect(host.cells.get("s")).toBe("skipped true");
  });

  it("needs one where the condition holds, or hangs on the item", async () => {
    for (const when of ['"1 == 1"', `'item == "b"'`]) {
      const { errors } = await drive(play(each('"{{ nowhere }}"', when)), { a: new FakeHost() });
      expect(errors).toEqual([expect.stringMatching(/"nowhere" is not defined/)]);
    }
  });

  it("refuses what is no list, even where the condition is false", async () => {
    const { errors } = await drive(play(each('"{{ inventory_hostname }}"', '"1 == 2"')), { a: new FakeHost() });
    expect(errors).toEqual([expect.stringMatching(/loop needs a list/)]);
  });

  it("does not wait for a list that it does not need", async () => {
    const tasks =
      'tasks:\n  - { name: act, run: { cell: a, text: x }, register: done }\n  - { name: each, put: { cell: "{{ item }}", text: x }, loop: "{{ done.text }}", when: "1 == 2" }\n';
    expect(await on(tasks, new FakeHost(), { check: true })).toEqual(["a changed act", "a skipped each"]);
  });
});

describe("conditions and results", () => {
  it("read what an earlier task of the same chain will return", async () => {
    const host = new FakeHost();
    const lines = await on(
      'tasks:\n  - { name: one, put: { cell: a, text: x }, register: r }\n  - { name: two, put: { cell: b, text: "{{ r.text }}" }, when: r.changed }\n  - { name: three, put: { cell: c, text: x }, when: not_there == 1 || r.changed }\n'.replace(
        "not_there == 1 || ",
        "",
      ),
      host,
    );
    expect(lines).toEqual(["a changed one", "a changed two", "a changed three"]);
    expect(host.cells.get("b")).toBe("x");
    expect(host.log.length).toBe(3);
  });

  it("skip what does not hold", async () => {
    expect(await on('tasks:\n  - { name: one, put: { cell: a, text: x }, when: "1 == 2" }\n')).toEqual(["a skipped one"]);
  });

  it("loop with one event and one link per turn", async () => {
    const host = new FakeHost();
    const { tasks } = await drive(
      play(
        'tasks:\n  - { name: all, put: { cell: "{{ item }}", text: x }, loop: [a, b, c], register: r }\n  - { name: sum, put: { cell: n, text: "{{ length r.results }}" } }\n',
      ),
      { a: host },
    );
    expect(tasks[0]?.items?.map((i) => `${i.status} ${i.item}`)).toEqual(["changed a", "changed b", "changed c"]);
    expect(host.log.length).toBe(2);
  });

  it("judge by changed_when and failed_when", async () => {
    expect(
      await on(
        'tasks:\n  - { name: one, run: { cell: a, text: x }, register: r, changed_when: r.text == "y" }\n  - { name: two, run: { cell: a, text: x }, register: r, failed_when: r.text == "x", ignore_errors: true }\n',
      ),
    ).toEqual(["a ok one", "a failed two (ignore_errors)"]);
  });
});

describe("check mode", () => {
  it("changes nothing and predicts what later tasks will find", async () => {
    const host = new FakeHost();
    const lines = await on(
      "tasks:\n  - { name: one, put: { cell: a, text: x } }\n  - { name: same, put: { cell: a, text: x } }\n  - { name: other, put: { cell: a, text: y } }\n",
      host,
      { check: true },
    );
    expect(lines).toEqual(["a changed one", "a ok same", "a changed other"]);
    expect(host.cells.size).toBe(0);
    expect(host.log.every((l) => l.links === 0)).toBe(true);
  });

  it("calls maybe what waits for the result of an action, and names the action", async () => {
    const host = new FakeHost();
    const { tasks } = await drive(
      play(
        'tasks:\n  - { name: act, run: { cell: a, text: x }, register: r }\n  - { name: later, put: { cell: b, text: "{{ r.text }}" } }\n  - { name: sure, put: { cell: c, text: x }, when: r.changed }\n',
      ),
      { a: host },
      { check: true },
    );
    expect(tasks.map((t) => `${t.status} ${t.task}`)).toEqual(["changed act", "maybe later", "changed sure"]);
    expect(tasks[1]?.waitsFor).toBe("act");
  });
});

describe("compiling", () => {
  const errors = async (tasks: string): Promise<readonly string[]> => (await drive(play(`tasks:\n${tasks}`), { a: new FakeHost() })).errors;

  it("finds an unknown module and its neighbour", async () => {
    expect(await errors("  - { name: x, putt: { cell: a, text: b } }\n")).toEqual([expect.stringContaining('did you mean "put"?')]);
  });

  it("finds an unknown argument, a missing one and a wrong type", async () => {
    expect(await errors("  - { name: x, put: { cel: a, text: b } }\n")).toEqual(
      expect.arrayContaining([expect.stringContaining('did you mean "cell"?')]),
    );
    expect(await errors("  - { name: x, put: { cell: a } }\n")).toEqual([expect.stringContaining('put needs the argument "text"')]);
    expect(await errors("  - { name: x, put: { cell: a, text: 3 } }\n")).toEqual([expect.stringContaining("expected string")]);
  });

  it("finds an undefined variable, a misspelt field of a result, an unknown handler", async () => {
    expect(await errors('  - { name: x, put: { cell: a, text: "{{ nowhere }}" } }\n')).toEqual([expect.stringContaining("nowhere")]);
    expect(
      await errors('  - { name: x, put: { cell: a, text: b }, register: r }\n  - { name: y, put: { cell: a, text: "{{ r.txet }}" } }\n'),
    ).toEqual([expect.stringContaining('"text"')]);
    expect(await errors("  - { name: x, put: { cell: a, text: b }, notify: restart }\n")).toEqual([expect.stringContaining("restart")]);
  });

  it("does not look at the arguments behind a condition that is false", async () => {
    expect(await errors('  - { name: x, put: { cell: a, text: "{{ nowhere }}" }, when: "1 == 2" }\n')).toEqual([]);
  });
});
