import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Measured } from "./compare.ts";
import { median, shown } from "./figures.ts";
import { latencyRows } from "./latency.ts";
import { parseOptions } from "./options.ts";
import { peers } from "./peers.ts";
import { report } from "./report.ts";
import { markdown, table } from "./table.ts";
import { changesOfFirstRun, hundredTasks, tenCommands } from "./work.ts";

const run = (peer: string, seconds: number, more: Partial<Measured> = {}): Measured => ({
  peer,
  part: "first",
  hosts: 1,
  round: 0,
  seconds,
  cpu: 1,
  memory: 2,
  sent: 3000,
  received: 4000,
  targetCpu: 5,
  ...more,
});

test("the middle of a few runs is shown with three digits that count", () => {
  expect([median([9, 1, 5]), median([1, 2]), median([])]).toEqual([5, 1.5, Number.NaN]);
  expect([shown(0.1234), shown(12.34), shown(1234.5), shown(7), shown(undefined), shown(Number.NaN)]).toEqual(
    ["0.12", "12.3", "1235", "7", "-", "-"], // as people read them
  );
});

test("the fastest program stands first, with its time as a multiple of Rempart's", () => {
  const [one, ...others] = report([run("slow", 30), run("rempart", 10, { roundTrips: 4 }), run("slow", 50), run("rempart", 10)]);
  expect(others).toEqual([]);
  expect(one?.title).toBe("First run: 100 tasks, 90 changes a host, 1 host");
  expect(one?.rows).toMatchObject([
    { program: "rempart", seconds: 10, "times Rempart": 1, "round trips": 4, rounds: 2 },
    { program: "slow", seconds: 40, "times Rempart": 4, "least s": 30, "most s": 50, "kB sent": 3, rounds: 2 },
  ]);
});

test("what a program waits for is told by what each millisecond of distance adds", () => {
  const far = { peer: "rempart", work: "rerun", connections: 1, turns: 10 } as const;
  const all = [
    { ...far, roundTrip: 10, seconds: 0.6 },
    { ...far, roundTrip: 110, seconds: 1.5 },
  ];
  expect(latencyRows(all, "rerun")).toMatchObject([{ program: "rempart", "10 ms: s": 0.6, "waits in round trips": 9, "turns seen": 10 }]);
  expect(latencyRows(all, "commands")).toEqual([]);
});

test("words stand to the left and numbers to the right", () => {
  expect(
    table([
      { program: "a", s: 1.5 },
      { program: "long", s: 100 },
    ]),
  ).toBe("program     s\na        1.50\nlong      100\n");
  expect(markdown([{ program: "a", s: 1.5 }])).toBe("| program | s |\n| --- | ---: |\n| a | 1.50 |\n");
});

test("an option that is wrong is answered with what it may be", () => {
  expect(parseOptions(["--hosts", "1", "--only", "rerun"])).toMatchObject({ hosts: [1], only: ["rerun"], rounds: 5, gatherFacts: true });
  expect(() => parseOptions(["--only", "reruns"])).toThrow('--only: "reruns" is none of first, rerun, commands, latency, scale, start');
  expect(() => parseOptions(["--rounds", "none"])).toThrow('--rounds: "none" is no number from 1 on');
});

test("what the programs say that they did is read from the end of their output", () => {
  const folder = mkdtempSync(join(tmpdir(), "rempart-peers-"));
  const { rempart, mitogen, ansible } = peers(folder);
  const recap = "bench-0 : ok=101 changed=90   unreachable=0    failed=0\nbench-1 : ok=3 changed=1   unreachable=1    failed=2\n";
  expect(ansible.said(`TASK [x]\nPLAY RECAP\n${recap}`)).toEqual({ changed: 91, failed: 3 });
  const own =
    "host  ok  changed  failed  unreachable  round trips\na     10       90       0            0            4\nb      1        1       2            3            5\n";
  expect(rempart.said(own)).toEqual({ changed: 91, failed: 5, roundTrips: 9 });
  expect(readFileSync(mitogen.env.ANSIBLE_CONFIG ?? "", "utf8")).toContain("strategy = mitogen_linear");
  rmSync(folder, { recursive: true });
});

test("the work is 100 tasks, of which all but the packages change something, and 10 commands", () => {
  const modules = hundredTasks().map((task) => Object.keys(task)[1]);
  expect(modules).toHaveLength(100);
  expect(modules.filter((name) => name !== "apt")).toHaveLength(changesOfFirstRun);
  expect(tenCommands()).toHaveLength(10);
});
