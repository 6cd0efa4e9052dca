import { createHash } from "node:crypto";
import { z } from "zod";
import { change } from "../../src/kernel/change.ts";
import type { Counts } from "../../src/kernel/counts.ts";
import { defineFact, NoAnswer, type Question } from "../../src/kernel/fact.ts";
import { defineModule, refusal } from "../../src/kernel/module.ts";
import { sh } from "../../src/kernel/sh.ts";
import { type Environment, exec, type StepResult } from "../../src/kernel/step.ts";
import { type Connect, identityKey, type LinkResult, type Performed, type Target, type Work } from "../../src/kernel/target.ts";

/** A stand-in for a host: named cells that hold a text. It keeps to the contract of Target and notes what it was asked to do. */
export class FakeHost implements Target {
  readonly cells = new Map<string, string>();
  /** Every exchange: what acted and what was asked. */
  readonly log: { readonly as: string; readonly links: number; readonly asked: readonly string[] }[] = [];
  /** Every step: the cell, with what it was given beside its arguments. */
  readonly steps: { readonly cell: string; readonly env?: Environment; readonly within?: number }[] = [];
  /** Steps that fail, by the cell that they put. */
  readonly broken = new Set<string>();
  /** Called before each step: drift, cuts. */
  beforeStep: (argv: readonly string[]) => void = () => {};
  /** Called with a script of the engine's own; a text that it gives back is the script's error. */
  onScript: (text: string) => string | undefined = () => undefined;
  /** Called before each exchange. */
  beforeWork: (work: Work) => void = () => {};
  /** Cells that answer nothing. */
  readonly mute = new Set<string>();

  get counts(): Counts {
    return { roundTrips: this.log.length, processes: 0, bytesSent: 0, bytesReceived: 0 };
  }

  async perform(work: Work): Promise<Performed> {
    this.beforeWork(work);
    this.log.push({ as: identityKey(work.as), links: work.links.length, asked: work.ask.map((q) => q.id) });
    const links: LinkResult[] = [];
    for (const link of work.links) {
      const moved = link.guard.find((g) => this.#record(g.question) !== g.text);
      if (moved) return { status: "done", links: [...links, { status: "moved", question: moved.question }], answers: new Map() };
      const ran: StepResult[] = [];
      for (const step of link.steps) {
        if (step.do !== "exec") throw new Error("the fake host knows exec only");
        const { argv, env } = step;
        this.steps.push({ cell: argv[1] ?? "", ...(env && { env }), ...(link.timeout !== undefined && { within: link.timeout }) });
        this.beforeStep(step.argv);
        const result = step.argv[0] === "sh" ? this.#script(String(step.stdin)) : this.#exec(step.argv);
        ran.push(result);
        if (result.rc !== 0)
          return { status: "done", links: [...links, { status: "failed", ran, why: result.stderr }], answers: new Map() };
      }
      if (link.verify.some((v) => this.#record(v.question) !== v.text)) {
        return { status: "done", links: [...links, { status: "unverified", ran }], answers: new Map() };
      }
      links.push({ status: "done", ran });
    }
    return { status: "done", links, answers: new Map(work.ask.map((q) => [q.id, this.#answer(q)])) };
  }

  closed = false;

  async close(): Promise<void> {
    this.closed = true;
  }

  #record(question: Question): string | Buffer | undefined {
    const answer = this.#answer(question);
    return answer instanceof NoAnswer ? undefined : question.fact.write?.(question.key, answer);
  }

  #answer(question: Question): unknown {
    if (question.fact.kind === "facts") return { os: { family: "debian" } };
    const name = String(question.key);
    if (this.mute.has(name)) return new NoAnswer("mute");
    return { text: this.cells.get(name) ?? null };
  }

  #script(text: string): StepResult {
    const wrong = this.onScript(text);
    return { rc: wrong === undefined ? 0 : 1, stdout: "", stderr: wrong ?? "", seconds: 0 };
  }

  #exec(argv: readonly string[]): StepResult {
    const [what, name = "", text = ""] = argv;
    if (this.broken.has(name)) return { rc: 1, stdout: "", stderr: `${name} is broken`, seconds: 0 };
    if (what === "put") this.cells.set(name, text);
    if (what === "twice") for (const cell of [name, `${name}2`]) this.cells.set(cell, text);
    return { rc: 0, stdout: createHash("sha256").update(text).digest("hex").slice(0, 8), stderr: "", seconds: 0 };
  }
}

/** Gives out the fake hosts by name; a name without one is unreachable. */
export function connectTo(hosts: Readonly<Record<string, FakeHost>>): Connect {
  return async (connection) => hosts[connection.host] ?? { unreachable: `${connection.host} does not answer`, help: "switch it on" };
}

interface Cell {
  readonly text: string | null;
}

export const cell = defineFact<string, Cell>({
  kind: "cell",
  summary: "The text of a cell of the fake host.",
  object: (key) => key,
  script: (keys) => sh`echo ${keys}`,
  read: (out) => [JSON.parse(out.toString()) as Cell],
  write: (_, value) => JSON.stringify(value),
});

export const facts = defineFact<null, unknown>({
  kind: "facts",
  summary: "Facts of the fake host.",
  object: () => "",
  script: () => sh`true`,
  read: () => [{}],
});

const args = z.strictObject({ cell: z.string(), text: z.string() });
const result = z.object({ text: z.string() });

/** Puts a text into a cell: a state. */
export const put = defineModule({
  name: "put",
  kind: "state",
  summary: "Puts a text into a cell.",
  args,
  result,
  examples: [],
  facts: (a) => ({ cell: cell(a.cell) }),
  plan: (a, f) =>
    a.text === "refuse"
      ? refusal("this text is refused")
      : f.cell.value.text === a.text
        ? []
        : [
            change(
              f.cell,
              { text: a.text },
              { do: [exec("put", a.cell, a.text)], undo: { paths: [`/cells/${a.cell}`], run: [["ring", a.cell]] } },
            ),
          ],
  undoable: true,
  resultOf: (_, o) => ({ text: o.after.cell.value.text ?? "" }),
});

/** Adds a text to what is in a cell: what it puts there hangs on what is there. */
export const add = defineModule({
  name: "add",
  kind: "state",
  summary: "Adds a text to a cell.",
  args,
  result,
  examples: [],
  facts: (a) => ({ cell: cell(a.cell) }),
  plan: (a, f) => {
    const now = f.cell.value.text ?? "";
    if (now.includes(a.text)) return [];
    const text = `${now} ${a.text}`.trim();
    return [change(f.cell, { text }, { do: [exec("put", a.cell, text)] })];
  },
});

/** Like put, but its effect cannot be told beforehand, and it writes a second cell that it does not name. */
export const run = defineModule({
  name: "run",
  kind: "action",
  summary: "Writes two cells, always.",
  args,
  result,
  examples: [],
  facts: (a) => ({ cell: cell(a.cell) }),
  plan: (a, f) => [change(f.cell, { text: a.text }, { do: [exec("twice", a.cell, a.text)], opaque: true })],
  resultOf: (_, o) => ({ text: o.after.cell.value.text ?? "" }),
});

/** Puts a text into a cell, asks nothing, and is judged by what its step printed: never well. */
export const doubt = defineModule({
  name: "doubt",
  kind: "action",
  summary: "Puts a text into a cell, and is never content with what the step says.",
  args,
  result: z.object({}),
  examples: [],
  facts: () => ({}),
  plan: (a) => [{ subject: "doubt", fields: [], steps: [exec("put", a.cell, a.text)], predicts: [], opaque: true }],
  proof: (_, { ran }) => `it printed ${ran[0]?.stdout.length ?? 0} letters`,
});

/** Puts a text into a cell and asks nothing. */
export const shout = defineModule({
  name: "shout",
  kind: "action",
  summary: "Puts a text into a cell, always, without a question.",
  args,
  result: z.object({ rc: z.number() }),
  examples: [],
  facts: () => ({}),
  plan: (a) => [{ subject: "shout", fields: [], steps: [exec("put", a.cell, a.text)], predicts: [], opaque: true }],
  resultOf: (_, o) => ({ rc: o.ran[0]?.rc ?? 0 }),
});

/** A state whose step does not do what it promises. */
export const lie = defineModule({
  name: "lie",
  kind: "state",
  summary: "Promises a text and puts another.",
  args,
  result,
  examples: [],
  facts: (a) => ({ cell: cell(a.cell) }),
  plan: (a, f) => (f.cell.value.text === a.text ? [] : [change(f.cell, { text: a.text }, { do: [exec("put", a.cell, "something else")] })]),
});

/** Tells the text of a cell. */
export const tell = defineModule({
  name: "tell",
  kind: "question",
  summary: "Tells the text of a cell.",
  args: z.strictObject({ cell: z.string() }),
  result,
  examples: [],
  facts: (a) => ({ cell: cell(a.cell) }),
  plan: () => [],
  resultOf: (_, o) => ({ text: o.after.cell.value.text ?? "" }),
});

/** The text of a cell, as a program of the user tells it: it may hang on anything. */
const said = defineFact<string, Cell>({
  kind: "said",
  summary: "What a program of the user says of a cell of the fake host.",
  object: (key) => key,
  script: (keys) => sh`echo ${keys}`,
  read: (out) => [JSON.parse(out.toString()) as Cell],
  runsUserText: true,
});

/** Lets a program of the user tell the text of a cell. */
export const ask = defineModule({
  name: "ask",
  kind: "question",
  summary: "Tells what a program of the user says of a cell.",
  args: z.strictObject({ cell: z.string() }),
  result,
  examples: [],
  facts: (a) => ({ said: said(a.cell) }),
  plan: () => [],
  resultOf: (_, o) => ({ text: o.after.said.value.text ?? "" }),
});
