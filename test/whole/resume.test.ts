import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Bench, type Ended } from "./bench.ts";
import { canary, foundIn, tracesOf } from "./canaries.ts";

// The host is this machine, and all that is written lies in the folder of the bench.
vi.setConfig({ testTimeout: 120_000 });

const secret = canary("a registered value");
const bench = new Bench({ "inventory/hosts.yml": { all: { hosts: { here: { ansible_connection: "local" } } } } });
afterAll(() => bench.remove());

const state = join(bench.folder, "state");
const made = (name: string): string => join(bench.folder, name);
const run = (...words: readonly string[]): Promise<Ended> =>
  bench.run(["run", "site.yml", ...words], { XDG_STATE_HOME: state, CANARY: secret });
const journals = (): string[] => (existsSync(join(state, "rempart/journal")) ? readdirSync(join(state, "rempart/journal")) : []);

const handlers = [{ name: "restart", shell: { cmd: "echo ran >>{{ playbook_dir }}/handled", always: "it counts" } }];

/** The second task fails as long as there is no file `go`, and waits while there is a file `wait`. */
const tasks = [
  { name: "configure", copy: { dest: "{{ playbook_dir }}/conf", content: '{{ secret "env" "CANARY" }}', mode: "0600" }, notify: "restart" },
  {
    name: "fragile",
    shell: { cmd: "touch begun; while test -e wait; do sleep 0.1; done; test -e go", chdir: "{{ playbook_dir }}", always: "it may fail" },
  },
  { name: "last", copy: { dest: "{{ playbook_dir }}/last", content: "x" } },
];

beforeEach(() => {
  for (const name of ["state", "conf", "handled", "begun", "wait", "go", "last"]) bench.drop(name);
  bench.put("site.yml", [{ name: "site", hosts: "all", gather_facts: false, tasks, handlers }]);
});

describe("a run that failed between a notify and its handler", () => {
  test("is resumed with the handler; until then every plain run says that it is owed", async () => {
    const first = await run();
    expect(first.exit).toBe(1);
    expect(existsSync(made("handled"))).toBe(false);
    const plain = await run();
    expect(plain.text).toContain('an earlier run notified "restart" here and ended before: rempart run --resume does that now');
    bench.put("go", "");
    expect((await run()).exit).toBe(0);
    expect(existsSync(made("handled"))).toBe(false);
    expect(journals()).toHaveLength(1);
    const resumed = await run("--resume");
    expect(resumed.exit).toBe(0);
    expect(readFileSync(made("handled"), "utf8")).toBe("ran\n");
    expect(journals()).toEqual([]);
  });

  test("goes on at the failed task", async () => {
    await run();
    bench.put("go", "");
    const resumed = await run("--resume", "--output", "json");
    expect(resumed.tasks().map((t) => `${t.status} ${t.task}`)).toEqual(["changed fragile", "changed last", "changed restart"]);
  });

  test("has a journal that its owner alone can read, and no value in it", async () => {
    await run();
    const [name = ""] = journals();
    const file = join(state, "rempart/journal", name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(foundIn(readFileSync(file, "utf8"), tracesOf(secret))).toEqual([]);
    expect(readFileSync(file, "utf8")).toContain('"handler": "restart"');
  });
});

test("a run whose process was killed in the midst of it is resumed with the handler", async () => {
  bench.put("wait", "");
  const running = bench.start(["run", "site.yml"], { XDG_STATE_HOME: state, CANARY: secret });
  await vi.waitUntil(() => existsSync(made("begun")), { timeout: 60_000, interval: 50 });
  running.signal("SIGKILL");
  await running.ended;
  bench.drop("wait");
  bench.put("go", "");
  const resumed = await run("--resume", "--wait");
  expect(resumed.exit, resumed.text).toBe(0);
  expect(readFileSync(made("handled"), "utf8")).toBe("ran\n");
  expect((await run("--resume")).text).toContain("there is nothing to resume");
});

test("a run may begin at a task, and says so when there is none of that name", async () => {
  const { tasks: told } = await run("--start-at-task", "la*", "--output", "json").then((e) => ({ tasks: e.tasks() }));
  expect(told.map((t) => t.task)).toEqual(["last"]);
  const wrong = await run("--start-at-task", "fragil");
  expect([wrong.exit, wrong.text]).toEqual([3, expect.stringContaining('did you mean "fragile"?')]);
});

test("asking before each task needs a terminal, and a run cannot both resume and begin elsewhere", async () => {
  const step = await run("--step");
  expect([step.exit, step.text]).toEqual([3, expect.stringContaining("needs a terminal")]);
  expect(existsSync(made("conf"))).toBe(false);
  const both = await run("--resume", "--start-at-task", "last");
  expect([both.exit, both.text]).toEqual([3, expect.stringContaining("give one of them")]);
});
