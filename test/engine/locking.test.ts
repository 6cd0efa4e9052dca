import { expect, it } from "vitest";
import { Locking } from "../../src/engine/act/locking.ts";
import { asLogin, type LockRequest, type Performed, type Target, type Work } from "../../src/kernel/target.ts";

const request: LockRequest = { run: "mine", owner: "me@here", runner: "here.1.1", started: 0, take: true };
const work: Work = { as: asLogin, lane: "control", links: [], ask: [] };
const done: Performed = { status: "done", links: [], answers: new Map() };
const lockedBy = { run: "other", owner: "ann@there", runner: "there.2.2", started: new Date(0), expires: new Date(1), file: "/run/x" };
const locked: Performed = { status: "refused", why: "another run is at work", help: "wait", lockedBy };

/** A target that answers in this order, and the locks that it was asked for. */
function answering(...answers: readonly Performed[]): { readonly target: Target; readonly asked: (LockRequest | undefined)[] } {
  const asked: (LockRequest | undefined)[] = [];
  const target: Target = {
    perform: async ({ lock }) => {
      asked.push(lock);
      return answers[Math.min(asked.length, answers.length) - 1] ?? done;
    },
    counts: { roundTrips: 0, processes: 0, bytesSent: 0, bytesReceived: 0 },
    close: async () => undefined,
  };
  return { target, asked };
}

function locking(wait: number, isDead: boolean): { readonly locking: Locking; readonly said: string[] } {
  const said: string[] = [];
  return { locking: new Locking({ request, wait, isDead: () => isDead }, (message) => said.push(message)), said };
}

it("gives up at once when another run is at work", async () => {
  const { target, asked } = answering(locked);
  expect(await locking(0, false).locking.perform(target, work)).toBe(locked);
  expect(asked).toHaveLength(1);
});

it("waits as long as it may, and says once for whom", async () => {
  const { target, asked } = answering(locked, done);
  const { locking: waiting, said } = locking(30, false);
  expect(await waiting.perform(target, work)).toBe(done);
  expect(asked).toHaveLength(2);
  expect(said).toEqual(["waiting: another run is at work"]);
});

it("asks over the head of a run that is known to be dead, and waits a moment for what it left at work", async () => {
  const { target, asked } = answering(locked, locked, done);
  expect(await locking(0, true).locking.perform(target, work)).toBe(done);
  expect(asked.map((lock) => lock?.over)).toEqual([undefined, "other", "other"]);
});
