import { expect, test } from "vitest";
import { exec } from "../../../src/kernel/step.ts";
import type { Expectation, Link, Performed } from "../../../src/kernel/target.ts";
import { linksOf, type Subject, text } from "../subject.ts";

const is = (path: string, content: string | null): Expectation => ({
  question: text(path),
  text: content === null ? "-\n" : `=${content}\n`,
});
const statuses = (done: Performed): string[] => linksOf(done).map((l) => l.status);

/** Guarded chains. */
export function chainCases(subject: Subject): void {
  const put = (name: string, content: string): Link["steps"] => [
    exec("sh", "-c", 'printf %s "$2" >"$1"', "sh", subject.path(name), content),
  ];

  test("a chain of several links is one round trip, with answers from behind its steps", async () => {
    const [a, b] = [subject.path("chain-a"), subject.path("chain-b")];
    const before = subject.target.counts.roundTrips;
    const done = await subject.perform({
      links: [
        { guard: [is(a, null)], steps: put("chain-a", "1"), verify: [is(a, "1")] },
        { guard: [is(a, "1"), is(b, null)], steps: put("chain-b", "it's\t2"), verify: [is(b, "it's\t2")] },
        { guard: [is(b, "it's\t2")], steps: [], verify: [] },
      ],
      ask: [text(a), text(b)],
    });
    expect(statuses(done)).toEqual(["done", "done", "done"]);
    expect(done.status === "done" && [...done.answers.values()]).toEqual(["1", "it's\t2"]);
    expect(subject.target.counts.roundTrips - before).toBe(1);
  });

  test("a guard that differs stops the chain before its steps, and names the question", async () => {
    const [a, b] = [subject.path("moved-a"), subject.path("moved-b")];
    const done = await subject.perform({
      links: [
        { guard: [], steps: put("moved-a", "1"), verify: [is(a, "1")] },
        { guard: [is(a, "1"), is(b, "here")], steps: put("moved-a", "2"), verify: [] },
      ],
      ask: [text(a)],
    });
    expect(statuses(done)).toEqual(["done", "moved"]);
    expect(linksOf(done)[1]).toMatchObject({ question: { object: `text ${b}` } });
    expect(done.status === "done" && done.answers.size).toBe(0);
    expect(await subject.ask(text(a))).toBe("1");
  });

  test("a result that differs from the prediction is told apart from a guard of the next link", async () => {
    const a = subject.path("unverified");
    const done = await subject.perform({
      links: [
        { guard: [], steps: put("unverified", "1"), verify: [is(a, "other")] },
        { guard: [is(a, "1")], steps: put("unverified", "2"), verify: [] },
      ],
    });
    expect(statuses(done)).toEqual(["unverified"]);
    expect(await subject.ask(text(a))).toBe("1");
  });

  test("a link that has nothing to do still guards", async () => {
    const a = subject.path("idle");
    const done = await subject.perform({
      links: [
        { guard: [is(a, null)], steps: [], verify: [] },
        { guard: [is(a, "x")], steps: [], verify: [] },
        { guard: [], steps: put("idle", "1"), verify: [] },
      ],
    });
    expect(statuses(done)).toEqual(["done", "moved"]);
    expect(await subject.ask(text(a))).toBeNull();
  });

  test("guards of one question that want different things never hold", async () => {
    const a = subject.path("contradicted");
    const done = await subject.perform({ links: [{ guard: [is(a, null), is(a, "x")], steps: put("contradicted", "1"), verify: [] }] });
    expect(statuses(done)).toEqual(["moved"]);
  });

  test("a long record is compared too", async () => {
    const a = subject.path("long");
    const long = "0123456789".repeat(3000);
    const links = (want: string): Link[] => [{ guard: [is(a, want)], steps: put("after-long", "1"), verify: [] }];
    await subject.perform({ links: [{ guard: [], steps: put("long", long), verify: [] }] });
    expect(statuses(await subject.perform({ links: links(long) }))).toEqual(["done"]);
    expect(statuses(await subject.perform({ links: links(`${long.slice(1)}x`) }))).toEqual(["moved"]);
  });

  test("a step that fails ends the chain with what ran so far", async () => {
    const a = subject.path("failed");
    const done = await subject.perform({
      links: [
        {
          guard: [],
          steps: [exec("echo", "one"), exec("sh", "-c", "echo two; echo three >&2; exit 5"), ...put("failed", "1")],
          verify: [],
        },
        { guard: [], steps: put("failed", "2"), verify: [] },
      ],
      ask: [text(a)],
    });
    expect(linksOf(done)).toMatchObject([
      {
        status: "failed",
        why: "sh ended with exit code 5",
        ran: [
          { rc: 0, stdout: "one\n" },
          { rc: 5, stdout: "two\n", stderr: "three\n" },
        ],
      },
    ]);
    expect(linksOf(done)).toHaveLength(1);
    expect(done.status === "done" && done.answers.size).toBe(0);
    expect(await subject.ask(text(a))).toBeNull();
  });
}
