import { expect, test } from "vitest";
import { defineFact, NoAnswer } from "../../../src/kernel/fact.ts";
import { joinShell, Shell, sh } from "../../../src/kernel/sh.ts";
import { exec } from "../../../src/kernel/step.ts";
import { doing, type Subject, script, text } from "../subject.ts";

const echoed = defineFact<string, string>({
  kind: "echoed",
  summary: "Says its key.",
  object: (key) => key,
  script: (keys) => joinShell(keys.map((k) => sh`printf '%s\n' ${k}`)),
  read: (stdout) => stdout.toString().split("\n").slice(0, -1),
});

const hanging = defineFact<number, string>({
  kind: "hanging",
  summary: "Hangs for key 0.",
  object: String,
  script: (keys) => joinShell(keys.map((k) => (k === 0 ? sh`sleep 300` : sh`echo ${k}`))),
  read: (stdout, keys) => {
    const lines = stdout.toString().split("\n").slice(0, -1);
    if (lines.length !== keys.length) throw new Error("too few");
    return lines;
  },
});

const bounded = defineFact<string, string>({
  kind: "bounded",
  summary: "Runs the user's text, for two seconds at most.",
  object: (key) => key,
  runsUserText: true,
  bound: () => 2,
  script: (keys) => joinShell(keys.map((k) => sh`sh -c ${k}`)),
  read: (stdout) => stdout.toString().split("\n").slice(0, -1),
});

const unreadable = defineFact<string, string>({
  kind: "unreadable",
  summary: "Cannot be read.",
  object: (key) => key,
  script: () => Shell.trusted("echo nonsense"),
  read: () => {
    throw new Error("nonsense");
  },
});

const settling = defineFact<string, string>({
  kind: "settling",
  summary: "Counts how often it was asked, and holds at three.",
  object: (key) => key,
  script: (keys) => joinShell(keys.map((k) => sh`if [ "$(wc -c <${k})" -lt 3 ]; then printf x >>${k}; fi; cat ${k}; echo`)),
  read: (stdout) => stdout.toString().split("\n").slice(0, -1),
  settle: { hold: 1, within: 10 },
});

/** Questions and their answers. */
export function questionCases(subject: Subject): void {
  test("questions of several kinds are one round trip, and the answers come by question", async () => {
    const before = subject.target.counts.roundTrips;
    const done = await subject.perform({ lane: "control", ask: [text("/nowhere"), echoed("it's"), echoed("a b")] });
    expect(done.status === "done" && [...done.answers.values()]).toEqual([null, "it's", "a b"]);
    expect(subject.target.counts.roundTrips - before).toBe(1);
    expect(subject.target.counts.processes).toBeGreaterThan(0);
    expect(subject.target.counts.bytesReceived).toBeGreaterThan(0);
  });

  test("the same question twice is asked once", async () => {
    const done = await subject.perform({ ask: [echoed("x"), echoed("x")] });
    expect(done.status === "done" && done.answers.size).toBe(1);
  });

  test("an answer that cannot be read is no answer, and the others stay", async () => {
    const done = await subject.perform({ ask: [unreadable("k"), echoed("x")] });
    const [first, second] = done.status === "done" ? [...done.answers.values()] : [];
    expect(first).toBeInstanceOf(NoAnswer);
    expect(second).toBe("x");
  });

  test("a question that hangs is no answer, and costs the others only a new shell", async () => {
    const target = await subject.fresh({ silence: 1 });
    const done = await subject.perform({ ask: [echoed("before"), hanging(1), hanging(0), hanging(2), text("/nowhere")] }, target);
    const answers = done.status === "done" ? done.answers : new Map();
    expect(answers.get(echoed("before").id)).toBe("before");
    expect(answers.get(hanging(1).id)).toBe("1");
    expect(answers.get(hanging(0).id)).toMatchObject({ why: "it did not answer within 1 s" });
    expect(answers.get(hanging(2).id)).toBe("2");
    expect(answers.get(text("/nowhere").id)).toBeNull();
    await target.close();
  });

  test("a question of the user with a bound of its own ends at that, whatever is asked beside it, and no longer", async () => {
    const target = await subject.fresh();
    const before = target.counts.roundTrips;
    const [late, quick] = [bounded("sleep 300"), bounded("echo quick")];
    const done = await subject.perform({ ask: [echoed("before"), quick, late, echoed("x")] }, target);
    const answers = done.status === "done" ? done.answers : new Map();
    expect(answers.get(late.id)).toMatchObject({ why: "it did not answer within 2 s" });
    expect(answers.get(quick.id)).toBe("quick");
    expect([answers.get(echoed("before").id), answers.get(echoed("x").id)]).toEqual(["before", "x"]);
    expect(target.counts.roundTrips - before).toBe(2);
    await target.close();
  });

  test("a question that settles is asked again until its answer has held", async () => {
    const file = subject.path("settling");
    const question = settling(file);
    const touched = doing(exec("touch", file));
    const plain = await subject.perform({ links: [touched], ask: [question] });
    expect(plain.status === "done" && plain.answers.get(question.id)).toBe("x");
    const settled = await subject.perform({ links: [touched], ask: [question], settle: new Set([question.id]) });
    expect(settled.status === "done" && settled.answers.get(question.id)).toBe("xxx");
  });

  test("what is asked together with a question that settles is asked when it has settled", async () => {
    const file = subject.path("settled");
    const question = settling(file);
    const done = await subject.perform({
      links: [doing(exec("touch", file))],
      ask: [text(file), question],
      settle: new Set([question.id]),
    });
    expect(done.status === "done" && done.answers.get(text(file).id)).toBe("xxx");
  });

  test("a daemon that a step left behind cannot slip its lines into an answer", async () => {
    const noisy = script("(i=0; while [ $i -lt 400 ]; do echo noise; i=$((i+1)); done; sleep 1; echo noise) &");
    const target = await subject.fresh();
    const done = await subject.perform({ links: [doing(noisy)], ask: [text("/nowhere"), echoed("a"), echoed("b")] }, target);
    expect(done.status === "done" && [...done.answers.values()]).toEqual([null, "a", "b"]);
    await target.close();
  });
}
