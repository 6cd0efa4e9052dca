import { createHash } from "node:crypto";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NoAnswer, type Question } from "../../src/kernel/fact.ts";
import { flatQuestions, type Prepared } from "../../src/kernel/module.ts";
import { runsUserText, type StepResult } from "../../src/kernel/step.ts";
import { asLogin, type Expectation, type Target } from "../../src/kernel/target.ts";
import { modules } from "../../src/modules/index.ts";
import { connect } from "../../src/transport/index.ts";
import { freshFolder } from "../facts/shells.ts";

let dir = "";
let target: Target;
const at = (name: string): string => join(dir, name);

beforeAll(async () => {
  dir = freshFolder();
  const reached = await connect({ host: "here", kind: "local", address: "" });
  if ("unreachable" in reached) throw new Error(reached.unreachable);
  target = reached;
});
afterAll(async () => {
  await target.close();
  rmSync(dir, { recursive: true, force: true });
});

async function ask(questions: readonly Question[]): Promise<ReadonlyMap<string, unknown>> {
  const lane = questions.some((q) => q.fact.runsUserText) ? "work" : "control";
  const done = await target.perform({ as: asLogin, lane, links: [], ask: questions });
  if (done.status !== "done") throw new Error(`the target did not answer: ${JSON.stringify(done)}`);
  return done.answers;
}

function records(questions: readonly Question[], value: (q: Question) => unknown): Expectation[] {
  return questions.flatMap((question) => {
    const known = value(question);
    const text = known instanceof NoAnswer ? undefined : question.fact.write?.(question.key, known);
    return text === undefined ? [] : [{ question, text }];
  });
}

interface Ran {
  readonly prepared: Prepared;
  readonly changes: number;
  readonly result: Readonly<Record<string, unknown>>;
  readonly proof: string | undefined;
}

/** Asks, decides, acts under the guard and with the proof of a chain, and asks again. */
async function run(name: string, args: Record<string, unknown>): Promise<Ran> {
  const made = modules.find((m) => m.name === name)?.prepare(args);
  if (!made?.ok) throw new Error(JSON.stringify(made));
  const { prepared } = made;
  const questions = flatQuestions(prepared.questions);
  const before = await ask(questions);
  const plan = prepared.plan(before);
  if ("refused" in plan) throw new Error(plan.refused);
  let ran: readonly StepResult[] = [];
  if (plan.length > 0) {
    const exact = prepared.kind === "state" && !plan.some((c) => c.opaque);
    const predicted = new Map(plan.flatMap((c) => c.predicts).map((p) => [p.question.object, p.value]));
    const steps = plan.flatMap((c) => c.steps);
    const guard = records(questions, (q) => before.get(q.id));
    const verify = exact ? records(questions, (q) => predicted.get(q.object) ?? before.get(q.id)) : [];
    const done = await target.perform({
      as: asLogin,
      lane: steps.some(runsUserText) ? "work" : "control",
      links: [{ guard, steps, verify }],
      ask: [],
    });
    const [link] = done.status === "refused" ? [] : done.links;
    expect(link?.status, JSON.stringify(done)).toBe("done");
    ran = link?.status === "done" ? link.ran : [];
  }
  const after = await ask(questions);
  if (prepared.kind === "state") expect(prepared.plan(after), "nothing is left to do").toEqual([]);
  return {
    prepared,
    changes: plan.length,
    result: prepared.resultOf({ before, after, ran }),
    proof: prepared.proof({ before, after, ran }),
  };
}

test("copy puts a text in place as predicted, once, and repairs what was changed by hand", async () => {
  const args = { dest: at("motd"), content: "héllo\n'quoted' \\n $x\n", mode: "0640" };
  expect((await run("copy", args)).changes).toBe(1);
  expect((await run("copy", args)).changes).toBe(0);
  writeFileSync(at("motd"), "drift");
  expect((await run("copy", args)).changes).toBe(1);
  expect(readFileSync(at("motd"), "utf8")).toBe(args.content);
});

test("copy replaces a link and leaves alone what it points to", async () => {
  writeFileSync(at("kept"), "kept");
  symlinkSync("kept", at("replaced"));
  await run("copy", { dest: at("replaced"), content: "new" });
  expect(readFileSync(at("kept"), "utf8")).toBe("kept");
});

test("copy uploads a file that is no text", async () => {
  const bytes = Buffer.alloc(300_000, Buffer.from([0, 255, 10, 13, 39]));
  writeFileSync(at("local"), bytes);
  const src = { name: "local", path: at("local"), size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  expect((await run("copy", { dest: at("remote"), src })).changes).toBe(1);
  expect(readFileSync(at("remote")).equals(bytes)).toBe(true);
  expect((await run("copy", { dest: at("remote"), src })).changes).toBe(0);
});

test("a check that fails leaves the old file in its place", async () => {
  writeFileSync(at("checked"), "good\n");
  await expect(run("copy", { dest: at("checked"), content: "bad\n", validate: "grep -q good %s" })).rejects.toThrow();
  expect(readFileSync(at("checked"), "utf8")).toBe("good\n");
  await run("copy", { dest: at("checked"), content: "good too\n", validate: "grep -q good %s" });
});

test("lineinfile and blockinfile edit as predicted and are then done", async () => {
  writeFileSync(at("conf"), "a = 1\n#b = 2");
  expect((await run("lineinfile", { path: at("conf"), regexp: "^#?b\\s*=", line: "b = 3" })).changes).toBe(1);
  expect((await run("blockinfile", { path: at("conf"), block: "x\ny" })).changes).toBe(1);
  expect((await run("lineinfile", { path: at("conf"), regexp: "^a", state: "absent" })).changes).toBe(1);
  expect(readFileSync(at("conf"), "utf8")).toBe("b = 3\n# BEGIN ANSIBLE MANAGED BLOCK\nx\ny\n# END ANSIBLE MANAGED BLOCK\n");
});

test("command runs until its path is there, and proves it", async () => {
  const args = { argv: ["touch", at("made here")], creates: at("made here") };
  expect(await run("command", args)).toMatchObject({ changes: 1, proof: undefined });
  expect(await run("command", args)).toMatchObject({ changes: 0, proof: undefined });
  expect((await run("command", { cmd: "true", creates: at("never") })).proof).toMatch(/still not there/);
});

test("shell gives both streams and the code, with stdin and a folder", async () => {
  const { result } = await run("shell", { cmd: "cat; pwd; echo oops >&2", stdin: "in", chdir: "/usr", always: "a test" });
  expect(result).toMatchObject({ rc: 0, stdout: "in\n/usr", stdout_lines: ["in", "/usr"], stderr: "oops" });
});

test("shell asks unless again, and says when it still wants to run", async () => {
  const args = { cmd: `echo x >> ${at("flag")}`, unless: `grep -q x ${at("flag")}` };
  expect(await run("shell", args)).toMatchObject({ changes: 1, proof: undefined });
  expect(await run("shell", args)).toMatchObject({ changes: 0 });
  expect((await run("shell", { cmd: ":", unless: "false" })).proof).toMatch(/still says that it is needed/);
});

test("a command that reads changes nothing, gives its output, and fails by its code", async () => {
  expect(await run("command", { cmd: "echo 'a b'", reads: true })).toMatchObject({
    changes: 0,
    result: { stdout: "a b" },
    proof: undefined,
  });
  expect((await run("shell", { cmd: "echo why >&2; exit 3", reads: true })).proof).toBe("it ended with 3: why");
});

test("wait_for waits for a file that appears, and says what it waited for in vain", async () => {
  await run("shell", { cmd: `(sleep 1; echo ready > ${at("late")}) >/dev/null 2>&1 &`, always: "a test" });
  expect(await run("wait_for", { path: at("late"), search_regex: "^ready$", timeout: 20 })).toMatchObject({ proof: undefined });
  expect((await run("wait_for", { path: at("never"), timeout: 1, msg: "no luck" })).proof).toMatch(
    /^no luck: waited 1 s for .*never started$/,
  );
});

test("stat tells what is there", async () => {
  writeFileSync(at("known"), "hello\n", { mode: 0o600 });
  const { result } = await run("stat", { path: at("known"), get_checksum: true });
  expect(result.stat).toMatchObject({
    exists: true,
    isreg: true,
    mode: "0600",
    size: 6,
    checksum: "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
  });
});
