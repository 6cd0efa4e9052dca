import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Question } from "../../src/kernel/fact.ts";
import { flatQuestions } from "../../src/kernel/module.ts";
import { file } from "../../src/modules/files/file.ts";
import { askHere, freshFolder, shells, type TestShell } from "../facts/shells.ts";

let dir = "";
const root = process.getuid?.() === 0;

beforeAll(() => {
  dir = freshFolder();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function answers(shell: TestShell, questions: readonly Question[]): Map<string, unknown> {
  const kinds = Map.groupBy(questions, (q) => q.fact.kind);
  return new Map(
    [...kinds.values()].flatMap((qs) =>
      askHere(
        shell,
        qs[0]?.fact as Question["fact"],
        qs.map((q) => q.key),
      ).values.map((v, i) => [qs[i]?.id ?? "", v] as const),
    ),
  );
}

/** Plans over real answers, runs the steps for real, and asks again: what was predicted must be there, and nothing left to do. */
function act(shell: TestShell, args: Record<string, unknown>): number {
  const prepared = file.prepare(args);
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.issues));
  const questions = flatQuestions(prepared.prepared.questions);
  const plan = prepared.prepared.plan(answers(shell, questions));
  if ("refused" in plan) throw new Error(plan.refused);
  const path = shell.name === "busybox ash" ? shell.path : (process.env.PATH ?? "");
  for (const step of plan.flatMap((c) => c.steps)) {
    if (step.do !== "exec") throw new Error("only exec is run here");
    const [program = "", ...argv] = step.argv;
    const run = spawnSync(program, argv, { env: { PATH: path, LC_ALL: "C" } });
    expect(`${run.error ?? ""}${run.stderr.toString()}`).toBe("");
  }
  const after = answers(shell, questions);
  for (const { question, value } of plan.flatMap((c) => c.predicts)) expect(after.get(question.id), question.object).toEqual(value);
  expect(prepared.prepared.plan(after)).toEqual([]);
  return plan.length;
}

describe.each(shells.map((s) => [s.name, s] as const))("what the module file predicts comes true with the tools of %s", (_name, shell) => {
  const at = (...parts: string[]): string => join(dir, shell.name.replace(" ", "-"), ...parts);

  test("for folders, with those above, below a setgid folder, and behind a link", () => {
    mkdirSync(at("set"), { recursive: true });
    if (root) chownSync(at("set"), 0, 12);
    chmodSync(at("set"), 0o2775);
    symlinkSync("set", at("link"));
    act(shell, { path: at("a/b/c"), state: "directory", mode: "0710" });
    act(shell, { path: at("set/plain"), state: "directory" });
    act(shell, { path: at("set/x/y"), state: "directory", mode: "3770" });
    expect(act(shell, { path: at("link/behind"), state: "directory", mode: "0755" })).toBe(1);
    expect(act(shell, { path: at("set/plain"), state: "directory", mode: "u=rwx,go=" })).toBe(1);
    expect(act(shell, { path: at("set/x"), state: "directory", mode: "0755" })).toBe(1);
  });

  test.runIf(root)("for owners by name and number, and set-id bits that a change of owner takes away", () => {
    writeFileSync(at("tool"), "x");
    act(shell, { path: at("tool"), mode: "6755" });
    expect(act(shell, { path: at("tool"), owner: 54321, group: "daemon" })).toBe(1);
    expect(act(shell, { path: at("tool"), owner: "daemon", mode: "4750" })).toBe(1);
    act(shell, { path: at("owned/by"), state: "directory", owner: "54322", group: 54323, mode: "2750" });
  });

  test("for links, new and changed, and over a file", () => {
    writeFileSync(at("file"), "x");
    expect(act(shell, { path: at("l"), state: "link", src: "file" })).toBe(1);
    expect(act(shell, { path: at("l"), state: "link", src: at("set") })).toBe(1);
    expect(act(shell, { path: at("l"), state: "link", src: "file" })).toBe(1);
    expect(act(shell, { path: at("file"), state: "link", src: "nowhere", force: true })).toBe(1);
  });

  test("for what is removed", () => {
    expect(act(shell, { path: at("l"), state: "absent" })).toBe(1);
    expect(act(shell, { path: at("set"), state: "absent" })).toBe(1);
    expect(act(shell, { path: at("set"), state: "absent" })).toBe(0);
  });
});
