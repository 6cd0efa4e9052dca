import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { facts as all } from "../../src/facts/index.ts";
import { defineFact, type Fact, NoAnswer, type Question } from "../../src/kernel/fact.ts";
import type { Target } from "../../src/kernel/target.ts";
import { enter } from "../hosts/connection.ts";
import { sharedHost } from "../hosts/shared.ts";
import { questions } from "./questions.ts";
import { perform } from "./router.ts";

// An API is no router with a shell.
const facts = all.filter((f) => !f.api);

let router: Target;
beforeAll(async () => {
  router = await enter(await sharedHost("busybox"));
});
afterAll(() => router?.close());

test("every kind of question is in the table", () => {
  expect(Object.keys(questions).sort()).toEqual(facts.map((f) => f.kind).sort());
});

describe.each(facts.map((f) => [f.kind, f as unknown as Fact<unknown, unknown>] as const))("on a router the question %s", (kind, fact) => {
  const ask = defineFact(fact);
  const asked = (questions[kind] ?? []).map((q) => ({ ...q, question: ask(q.key) }));
  const lane = fact.runsUserText ? "work" : "control";

  test("gets a value, or the reason why this host has none", async () => {
    const { answers } = await perform(router, { lane, ask: asked.map((q) => q.question) });
    for (const { key, question, answers: wanted, not } of asked) {
      const answer = answers.get(question.id);
      if (not) expect(answer instanceof NoAnswer && answer.why, JSON.stringify(key)).toMatch(not);
      else {
        expect(answer instanceof NoAnswer && answer.why, JSON.stringify(key)).toBe(false);
        expect(answer, JSON.stringify(key)).toMatchObject(wanted as object);
      }
    }
  });

  test.skipIf(!fact.write || asked.every((q) => q.not))("says the same again to the guard of a chain", async () => {
    const { answers } = await perform(router, { lane, ask: asked.map((q) => q.question) });
    const guard = asked.flatMap(({ question }) => expectation(fact, question, answers.get(question.id)));
    const { links } = await perform(router, { lane, links: [{ guard, steps: [], verify: [] }] });
    expect(links).toEqual([{ status: "done", ran: [] }]);
  });
});

test("all of them together are one round trip", async () => {
  const before = router.counts.roundTrips;
  const questionsOf = facts
    .filter((f) => !f.runsUserText)
    .map((f) => [defineFact(f as unknown as Fact<unknown, unknown>), questions[f.kind] ?? []] as const);
  const asked = questionsOf.flatMap(([one, some]) => some.map(({ key, not }) => ({ question: one(key), not: not ?? /on this host/ })));
  const ask = asked.map((a) => a.question);
  const { answers } = await perform(router, { ask });
  const unexpected = asked.flatMap(({ question, not }) => {
    const answer = answers.get(question.id);
    return answer instanceof NoAnswer && !not.test(answer.why) ? [answer.why] : [];
  });
  expect(unexpected).toEqual([]);
  expect(answers.size).toBe(ask.length);
  expect(router.counts.roundTrips - before).toBe(1);
});

function expectation(fact: Fact<unknown, unknown>, question: Question, answer: unknown) {
  if (answer instanceof NoAnswer) return [];
  const text = fact.write?.(question.key, answer);
  return text === undefined ? [] : [{ question, text }];
}
