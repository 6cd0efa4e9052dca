import { expect, test } from "vitest";
import { Bench } from "./bench.ts";

test("a play whose tasks ask nothing is done all the same", async () => {
  const task = (text: string): object => ({ name: text, shell: { cmd: `echo ${text}`, always: "a test" } });
  const bench = new Bench({
    "inventory/hosts.yml": { all: { hosts: { here: { ansible_connection: "local" } } } },
    "site.yml": [{ name: "Blind", hosts: "all", gather_facts: false, tasks: [task("one"), task("two")] }],
  });
  const running = bench.start(["run", "site.yml", "--wait", "--output", "json"]);
  const late = setTimeout(() => running.signal("SIGKILL"), 20_000);
  const done = await running.ended;
  clearTimeout(late);
  bench.remove();
  expect(done.exit, done.text).toBe(0);
  expect(done.recap("here")).toMatchObject({ changed: 2, roundTrips: 2 });
});
