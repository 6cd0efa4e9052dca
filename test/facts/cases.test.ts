import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { facts } from "../../src/facts/index.ts";
import { type Fact, NoAnswer } from "../../src/kernel/fact.ts";
import { casesDir, readCases } from "../cases/read.ts";

interface FactCase {
  readonly keys: readonly unknown[];
  readonly stdout?: string;
  readonly stdout_base64?: string;
  readonly values?: readonly unknown[];
  /** The text is one that the script cannot have printed. */
  readonly throws?: string;
  /** false: these values do not hold enough to tell the record. */
  readonly write?: false;
}

const cases = readCases(join(casesDir, "facts"));

describe("a fact reads what its script printed, and writes the same bytes again", () => {
  test.each(cases.map((c) => [c.title, c] as const))("%s", (_title, { folder, content }) => {
    const found = facts.find((f) => f.kind.replaceAll(" ", "-") === folder);
    if (!found) throw new Error(`there is no fact "${folder}"`);
    const fact = found as unknown as Fact<unknown, unknown>;
    const { keys, stdout, stdout_base64: encoded, values, throws, write } = content as unknown as FactCase;
    const text = encoded === undefined ? Buffer.from(stdout ?? "") : Buffer.from(encoded, "base64");
    if (throws !== undefined) {
      expect(() => fact.read(text, keys)).toThrow(throws);
      return;
    }
    const read = fact.read(text, keys);
    expect(read.map(plain)).toEqual(values);
    if (write === false || !fact.write || read.some((v) => v instanceof NoAnswer)) return;
    const written = keys.map((key, i) => fact.write?.(key, read[i]));
    expect(written.includes(undefined), "write tells the record of every value").toBe(false);
    expect(Buffer.concat(written.map((w) => Buffer.from(w ?? ""))).toString("latin1")).toBe(text.toString("latin1"));
  });
});

function plain(value: unknown): unknown {
  return value instanceof NoAnswer ? { no_answer: value.why } : JSON.parse(JSON.stringify(value));
}

// Questions to an API are held by the suites of their emulators.
test("every kind of question has its cases", () => {
  const covered = new Set(cases.map((c) => c.folder));
  const missing = facts
    .filter((f) => !f.api)
    .map((f) => f.kind.replaceAll(" ", "-"))
    .filter((kind) => !covered.has(kind));
  expect(missing).toEqual([]);
});

test("every kind of question has a name of its own and says what it answers", () => {
  expect(new Set(facts.map((f) => f.kind)).size).toBe(facts.length);
  for (const fact of facts) expect(fact.summary, fact.kind).toMatch(/^[A-Z].*\.$/);
});
