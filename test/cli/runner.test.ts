import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { hasEnded, runnerOf } from "../../src/cli/runner.ts";

it("knows its own process, and one that has ended", async () => {
  const child = spawn("sleep", ["60"]);
  const runner = runnerOf(child.pid ?? 0);
  expect([hasEnded(runnerOf(process.pid)), hasEnded(runner)]).toEqual([false, false]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(hasEnded(runner)).toBe(true);
});

it("takes another process with the same number for another", () => {
  const [machine, pid] = runnerOf(process.pid).split(".");
  expect(hasEnded(`${machine}.${pid}.1`)).toBe(true);
});

it("says nothing of other machines, nor of what it cannot read", () => {
  const [, pid] = runnerOf(process.pid).split(".");
  expect([hasEnded(`0123456789ab.${pid}.1`), hasEnded(""), hasEnded("unknown")]).toEqual([false, false, false]);
});
