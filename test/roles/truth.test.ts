import { expect, test } from "vitest";
import type { ItemOutcome, TaskEvent, TaskStatus } from "../../src/kernel/event.ts";
import { compare } from "./truth.ts";

const event = (task: string, status: TaskStatus, more: Partial<TaskEvent> = {}): TaskEvent => ({
  event: "task",
  host: "a",
  role: "web",
  task,
  module: "file",
  at: `${task}.yml:1:1`,
  handler: false,
  status,
  changes: [],
  seconds: 0,
  ...more,
});
const items = (...statuses: TaskStatus[]): ItemOutcome[] => statuses.map((status, i) => ({ item: String(i), status, changes: [] }));

test("what comes true is neither wrong nor open", () => {
  const events = [event("one", "changed"), event("two", "ok"), event("three", "skipped")];
  expect(compare(events, events)).toEqual({ wrong: [], maybe: {}, needless: [] });
});

test("a false ok, a false skip, a failure and a task out of nowhere are wrong", () => {
  const check = [event("one", "ok"), event("two", "skipped"), event("three", "failed", { message: "no" })];
  const run = [event("one", "changed"), event("two", "ok"), event("three", "ok"), event("four", "changed")];
  expect(compare(check, run).wrong).toEqual([
    "web : four: the check does not name it, and it changed",
    "web : one: the check says ok, the run changed",
    "web : two: the check says skipped, the run ok",
    "web : three: the check fails: no",
  ]);
});

test("a turn of a loop is wrong on its own", () => {
  const check = [event("one", "changed", { items: items("changed", "ok") })];
  const run = [event("one", "changed", { items: items("changed", "changed") })];
  expect(compare(check, run).wrong).toEqual(["web : one (1): the check says ok, the run changed"]);
});

test("a task that runs twice is compared each time, and hosts are kept apart", () => {
  const check = [event("one", "changed"), event("one", "ok"), event("one", "ok", { host: "b" })];
  const run = [event("one", "ok", { host: "b" }), event("one", "changed"), event("one", "changed")];
  expect(compare(check, run).wrong).toEqual(["web : one: the check says ok, the run changed"]);
});

test("a maybe names an earlier task, of whatever host", () => {
  const done = [event("one", "changed"), event("two", "ok")];
  expect(compare([event("one", "changed"), event("two", "maybe", { waitsFor: "one" })], done)).toEqual({
    wrong: [],
    maybe: { "web : two": "one" },
    needless: [],
  });
  expect(compare([event("one", "maybe", { waitsFor: "two" }), event("two", "ok")], done).wrong).toEqual([
    'web : one: maybe, waiting for "two", which is no earlier task',
  ]);
});

test("what would change and is then fine, or never runs, is needless", () => {
  const check = [event("one", "changed"), event("two", "changed", { items: items("changed", "ok") }), event("three", "changed")];
  const run = [event("one", "ok"), event("two", "ok", { items: items("ok", "ok") })];
  expect(compare(check, run)).toEqual({ wrong: [], maybe: {}, needless: ["web : one", "web : two (0)", "web : three"] });
});

test("the proof of a guarded block is nothing that a check could tell", () => {
  const run = [event("one", "changed"), event("prove", "ok", { module: "guard" })];
  expect(compare([event("one", "changed")], run).wrong).toEqual([]);
});
