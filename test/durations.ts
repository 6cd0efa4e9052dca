// Records how long the test files of the last whole run took, for their order in the next ones: node test/durations.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Seconds; shorter files without hosts need no place of their own. */
const shortest = 10;

const root = join(import.meta.dirname, "..");

interface Report {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
}

const { testResults }: Report = JSON.parse(readFileSync(join(root, ".cache/test-results.json"), "utf8"));
const recorded = testResults
  .map(({ name, startTime, endTime }) => [relative(root, name), Math.round((endTime - startTime) / 1000)] as const)
  .filter(([name, seconds]) => seconds >= shortest || name.endsWith(".hosts.test.ts"))
  .toSorted(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(join(import.meta.dirname, "durations.json"), `${JSON.stringify(Object.fromEntries(recorded), undefined, 2)}\n`);
