import { expect, test } from "vitest";
import { z } from "zod";
import { change } from "../../src/kernel/change.ts";
import { defineFact, NoAnswer } from "../../src/kernel/fact.ts";
import { defineModule } from "../../src/kernel/module.ts";
import { sh } from "../../src/kernel/sh.ts";
import { exec } from "../../src/kernel/step.ts";

const lamp = defineFact<string, { readonly on: boolean }>({
  kind: "lamp",
  summary: "Whether a lamp is on.",
  object: (key) => key,
  script: () => sh`echo on`,
  read: () => [{ on: true }],
});

const blink = defineModule({
  name: "blink",
  kind: "action",
  summary: "Turns a lamp on and looks at it.",
  args: z.strictObject({}),
  result: z.object({ on: z.boolean() }),
  examples: [],
  facts: () => ({ lamp: lamp("hall") }),
  plan: (_, f) => [change(f.lamp, { on: true }, { do: [exec("blink")], opaque: true })],
  proof: (_, { after }) => (after.lamp.value.on ? undefined : "it is dark"),
  changed: (_, { before, after }) => before.lamp.value.on !== after.lamp.value.on,
  resultOf: (_, { after }) => ({ on: after.lamp.value.on }),
});

const ran = [{ rc: 0, stdout: "", stderr: "", seconds: 0 }];

test("a target that falls silent behind a step fails the proof with the reason; the module does not throw", () => {
  const prepared = blink.prepare({});
  if (!prepared.ok) throw new Error("refused");
  const { id } = lamp("hall");
  const silent = { before: new Map([[id, { on: false }]]), after: new Map([[id, new NoAnswer("the line was cut")]]), ran };
  expect(prepared.prepared.proof(silent)).toBe("lamp hall: the line was cut");
  expect(prepared.prepared.resultOf(silent)).toEqual({});
  expect(prepared.prepared.changed?.(silent)).toBe(true);
  const lit = { ...silent, after: new Map([[id, { on: true }]]) };
  expect(prepared.prepared.proof(lit)).toBeUndefined();
  expect(prepared.prepared.resultOf(lit)).toEqual({ on: true });
});
