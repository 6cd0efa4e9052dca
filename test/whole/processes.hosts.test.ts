import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";
import { processTasks } from "./processes.ts";

/**
 * How many processes the tasks of a kind start on their target, in a first run and in a second one. The figures are upper bounds
 * that may only shrink: `UPDATE_PROCESSES=1` writes down what was fewer.
 */
type Figures = Record<string, { readonly tasks: number; readonly first: number; readonly again: number }>;

const file = new URL("processes.json", import.meta.url);
const known = JSON.parse(readFileSync(file, "utf8")) as Figures;
const update = process.env.UPDATE_PROCESSES !== undefined;
const seen: Figures = {};
/** What the host itself may start meanwhile: a timer of systemd, a session. */
const noise = 4;

let host: TestHost;
let bench: Bench;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "processes" });
  bench = new Bench({
    "templates/t.conf.hbs": "number {{ number }} on {{ inventory_hostname }}\n",
    "inventory/hosts.yml": { all: { hosts: { processes: host.variables() } } },
  });
  // Whoever logs in for the first time is given a manager of his own, which takes its time to start.
  await bench.run(["exec", "all", "true"]);
});

afterAll(async () => {
  if (update) writeFileSync(file, `${JSON.stringify({ ...known, ...seen }, null, 2)}\n`);
  bench.remove();
  await host.stop();
});

test.each(Object.keys(processTasks).map((kind) => [kind]))("%s start no more processes than before", async (kind) => {
  const tasks = processTasks[kind] ?? [];
  bench.put("site.yml", [{ name: kind, hosts: "all", become: true, gather_facts: kind === "facts", tasks }]);
  const counts: number[] = [];
  for (const changes of [true, false]) {
    const done = await bench.run(["run", "site.yml", "--output", "json"]);
    expect(done.exit, done.text.slice(0, 3000)).toBe(0);
    if (!changes) expect(done.recap("processes").changed, done.text.slice(0, 3000)).toBe(0);
    counts.push(done.recap("processes").processes);
  }
  const [first = 0, again = 0] = counts;
  const bound = known[kind];
  seen[kind] = { tasks: tasks.length, first: Math.min(first, bound?.first ?? first), again: Math.min(again, bound?.again ?? again) };
  if (update || !bound) return;
  expect(first, "the first run").toBeLessThanOrEqual(bound.first + noise);
  expect(again, "the second run").toBeLessThanOrEqual(bound.again + noise);
});

test("every kind has its figures", () => {
  if (!update) expect(Object.keys(known)).toEqual(Object.keys(processTasks));
});
