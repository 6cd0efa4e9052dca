import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withLock } from "./lock.ts";

test("a lock lets one in at a time, and goes on after a failure", async () => {
  const name = `test-${process.pid}`;
  const seen: string[] = [];
  const one = withLock(name, 10, async () => {
    seen.push("first in");
    await sleep(50);
    seen.push("first out");
    throw new Error("broken");
  });
  const two = withLock(name, 10, async () => seen.push("second in"));
  await expect(one).rejects.toThrow("broken");
  await two;
  expect(seen).toEqual(["first in", "first out", "second in"]);
});

test("a lock that is not released in time is named", async () => {
  const name = `test-late-${process.pid}`;
  await withLock(name, 1, async () => {
    await expect(withLock(name, 0, async () => undefined)).rejects.toThrow(name);
  });
});
