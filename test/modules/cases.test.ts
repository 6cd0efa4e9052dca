import { describe, expect, test } from "vitest";
import type { Change } from "../../src/kernel/change.ts";
import { LookedAtNoAnswer, NoAnswer } from "../../src/kernel/fact.ts";
import { flatQuestions, type Prepared } from "../../src/kernel/module.ts";
import { modules } from "../../src/modules/index.ts";
import { moduleCases } from "../cases/read.ts";
import { givenAnswers } from "./given-facts.ts";

interface PlannedCase {
  readonly subject?: string;
  readonly fields?: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly steps?: readonly unknown[];
  readonly opaque?: boolean;
  readonly secret?: boolean;
  readonly pending?: string;
  readonly text?: { readonly before?: string; readonly after?: string };
  readonly predicts?: readonly { readonly object?: string; readonly value?: unknown }[];
}

interface ModuleCase {
  readonly args: unknown;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly plan?: readonly PlannedCase[];
  readonly noop?: string;
  readonly refused?: string;
  readonly invalid?: string;
  /** The plan looks at a question that the target could not answer. */
  readonly no_answer?: string;
  readonly result?: unknown;
}

const cases = moduleCases();

describe("a module plans what its case file says", () => {
  test.each(cases.map((c) => [c.title, c] as const))("%s", (_title, { folder, content }) => {
    const module = modules.find((m) => m.name === folder);
    if (!module) throw new Error(`there is no module "${folder}"`);
    const wanted = content as unknown as ModuleCase;
    const prepared = module.prepare(wanted.args);
    if (!prepared.ok) {
      expect(wanted.invalid, `the arguments are invalid: ${JSON.stringify(prepared.issues)}`).toBeDefined();
      expect(prepared.issues.map((i) => i.message).join("\n")).toContain(wanted.invalid);
      return;
    }
    expect(wanted.invalid, "the arguments were accepted").toBeUndefined();
    holds(prepared.prepared, wanted);
  });
});

function holds(prepared: Prepared, wanted: ModuleCase): void {
  const before = givenAnswers(prepared.questions, wanted.facts ?? {});
  if (wanted.no_answer !== undefined) {
    expect(() => prepared.plan(before)).toThrow(LookedAtNoAnswer);
    expect(() => prepared.plan(before)).toThrow(wanted.no_answer);
    return;
  }
  const plan = prepared.plan(before);
  if ("refused" in plan) {
    expect(wanted.refused, `refused: ${plan.refused}`).toBeDefined();
    expect(plan.refused).toContain(wanted.refused);
    return;
  }
  expect(wanted.refused, "it was not refused").toBeUndefined();
  if (wanted.noop !== undefined) {
    expect(wanted.noop, "a case without changes says why").not.toBe("");
    expect(plan.map((c) => c.fields)).toEqual([]);
  }
  if (wanted.plan) sameChanges(plan, wanted.plan);
  const after = predicted(prepared, before, plan);
  // A registered change needs no step; a plan that changes something and predicts it all must find nothing left to do.
  if (prepared.kind === "state" && plan.length > 0 && !plan.some((c) => c.opaque)) {
    expect(prepared.plan(after), "what the plan predicts still leaves something to do").toEqual([]);
  }
  if (wanted.result !== undefined) expect(plain(prepared.resultOf({ before, after, ran: [] }))).toMatchObject(wanted.result as object);
}

function sameChanges(plan: readonly Change[], wanted: readonly PlannedCase[]): void {
  expect(plan).toHaveLength(wanted.length);
  wanted.forEach((want, i) => {
    const change = plan[i] as Change;
    if (want.subject !== undefined) expect(change.subject).toBe(want.subject);
    if (want.fields)
      expect(plain(Object.fromEntries(change.fields.map((f) => [f.name, [f.before ?? null, f.after ?? null]])))).toEqual(want.fields);
    if (want.steps) {
      expect(change.steps).toHaveLength(want.steps.length);
      expect(plain(change.steps)).toMatchObject(want.steps as object);
    }
    if (want.text) expect(change.text).toMatchObject(want.text);
    if (want.opaque !== undefined) expect(change.opaque).toBe(want.opaque);
    if (want.secret !== undefined) expect(change.secret ?? false).toBe(want.secret);
    if (want.pending !== undefined) expect(change.pending).toBe(want.pending);
    if (want.predicts)
      expect(plain(change.predicts.map((p) => ({ object: p.question.object, value: p.value })))).toMatchObject(want.predicts as object);
  });
}

/** The answers as the engine would read them back from the predictions. */
function predicted(prepared: Prepared, before: ReadonlyMap<string, unknown>, plan: readonly Change[]): Map<string, unknown> {
  const after = new Map(before);
  for (const { question, value } of plan.flatMap((c) => c.predicts)) {
    for (const asked of flatQuestions(prepared.questions).filter((q) => q.object === question.object)) {
      const record = asked.fact.write?.(asked.key, value);
      const [read] = record === undefined ? [value] : asked.fact.read(Buffer.from(record), [asked.key]);
      after.set(asked.id, read instanceof NoAnswer ? value : read);
    }
  }
  return after;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test("every module has at least three cases", () => {
  const few = modules.filter((m) => cases.filter((c) => c.folder === m.name).length < 3).map((m) => m.name);
  expect(few).toEqual([]);
});
