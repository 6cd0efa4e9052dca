import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { facts } from "../../src/facts/index.ts";
import { type Fact, NoAnswer } from "../../src/kernel/fact.ts";
import { casesDir, readCases } from "../cases/read.ts";

const shells = [["dash"], ["bash"], ["busybox", "ash"], ["mksh"]].filter(
  ([name = ""]) => spawnSync(name, ["-c", "true"]).error === undefined,
);
const cases = readCases(join(casesDir, "facts"));
// These wait for something, or reach out over the network: they have tests of their own.
const waiting = ["awaited", "http"];
const asked = facts
  .map((f) => f as unknown as Fact<unknown, unknown>)
  .filter((f) => !f.runsUserText && !f.api && !waiting.includes(f.kind));

describe.each(shells.map((words) => [words.join(" "), words] as const))("under %s", (_title, [program = "", ...words]) => {
  test.each(asked.map((f) => [f.kind, f] as const))("the question %s gets an answer that it understands", (kind, fact) => {
    const keys = cases.find((c) => c.folder === kind.replaceAll(" ", "-") && c.content.throws === undefined)?.content
      .keys as readonly unknown[];
    const input = `_ask() {\n${fact.script(keys).text}\n}\nset >&2\necho ==== >&2\n_ask\necho ==== >&2\nset >&2\necho "end $PWD"\n`;
    const ran = spawnSync(program, words, { input, cwd: "/", env: { PATH: process.env.PATH, LC_ALL: "C" } });
    const stdout = ran.stdout.toString("latin1");
    expect(stdout.endsWith("end /\n"), "the script ends the shell, reads its stdin or changes its folder").toBe(true);
    const text = ran.stdout.subarray(0, ran.stdout.length - "end /\n".length);
    const values = fact.read(text, keys);
    expect(values).toHaveLength(keys.length);
    if (fact.write && !values.some((v) => v instanceof NoAnswer)) {
      const written = keys.map((key, i) => fact.write?.(key, values[i]));
      expect(Buffer.concat(written.map((w) => Buffer.from(w ?? "?"))).toString("latin1")).toBe(text.toString("latin1"));
    }
    const [before = "", said = "", after = ""] = ran.stderr.toString("latin1").split("====\n");
    expect(said).toBe("");
    expect(names(after).filter((name) => !names(before).includes(name) && !/^(_|[A-Z])/.test(name))).toEqual([]);
  });
});

function names(set: string): string[] {
  return [...set.matchAll(/^([A-Za-z_]\w*)=/gm)].map((m) => m[1] ?? "");
}
