import { describe, expect, test } from "vitest";
import { inEnvironment, surrounded } from "../../src/facts/environment.ts";
import { Shell, sh } from "../../src/kernel/sh.ts";
import { Secret } from "../../src/kernel/value.ts";
import { runScript, shells } from "./shells.ts";

const hard = 'it\'s "a" $HOME `id` \\ * ; é\ntwo';

describe.each(shells.map((s) => [s.name, s] as const))("the environment of a question on %s", (_name, shell) => {
  test("is there for its programs as it was given, and gone behind it", () => {
    const key = inEnvironment({ A: hard, B: new Secret("a hidden word") });
    const script = surrounded(key, sh`printf '%s|%s|' "$A" "$B"`);
    const out = runScript(shell, `${script.text}\nprintf '%s|' "\${A-none}"`);
    expect(out.toString()).toBe(`${hard}|a hidden word|none|`);
  });
});

test("two environments that differ in a secret only are two questions, and neither tells it", () => {
  const [one, two] = ["first word", "second word"].map((w) => JSON.stringify(inEnvironment({ A: new Secret(w) })));
  expect(one).not.toBe(two);
  expect(one).not.toContain("first word");
});

test("without variables the script stays as it is", () => {
  const script = Shell.trusted("true");
  expect(surrounded(inEnvironment(undefined), script)).toBe(script);
});
