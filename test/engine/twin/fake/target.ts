import type { Counts } from "../../../../src/kernel/counts.ts";
import { NoAnswer, type Question } from "../../../../src/kernel/fact.ts";
import type { StepResult } from "../../../../src/kernel/step.ts";
import type { Expectation, Link, LinkResult, Performed, Target, Work } from "../../../../src/kernel/target.ts";
import { answerOf } from "./answers.ts";
import { drifts } from "./drifts.ts";
import type { Fault } from "./faults.ts";
import { type Acting, admin, root } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { nameOf, runStep } from "./steps.ts";

type Stopped = Extract<LinkResult, { status: "moved" | "unverified" | "failed" }>;

/** The line or the shell was cut. */
class Cut extends Error {
  readonly of: "line" | "shell";
  constructor(of: "line" | "shell") {
    super(of);
    this.of = of;
  }
}

/**
 * A stand-in for a target: it answers and acts on a fake machine with the meaning of the real transport. What goes wrong, and
 * when, is told by the number of the step: both twins do the same steps, so both meet it at the same place.
 */
export class FakeTarget implements Target {
  readonly machine: FakeMachine;
  /** Every step that was begun, as text. */
  readonly steps: string[] = [];
  readonly #faults: readonly Fault[];
  readonly #proves: () => "in the chain" | "behind it";
  #exchanges = 0;
  #dead = false;

  /** `proves`: where the task at work is proved, by its link or by what is asked behind the chain. */
  constructor(machine: FakeMachine, faults: readonly Fault[], proves: () => "in the chain" | "behind it") {
    this.machine = machine;
    this.#faults = faults;
    this.#proves = proves;
  }

  get counts(): Counts {
    return { roundTrips: this.#exchanges, processes: 0, bytesSent: 0, bytesReceived: 0 };
  }

  async close(): Promise<void> {}

  async perform(work: Work): Promise<Performed> {
    this.#exchanges++;
    this.machine.settle();
    const links: LinkResult[] = [];
    const as = work.as.method === "none" ? admin : root;
    try {
      if (this.#dead) throw new Cut("line");
      const late: Fault[] = [];
      for (const link of work.links) {
        const end = this.#link(link, as, late);
        links.push(end);
        if (end.status !== "done") return { status: "done", links, answers: new Map() };
      }
      const answers = this.#ask(work, as);
      for (const fault of late) this.#drift(fault);
      return { status: "done", links, answers };
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      this.#dead ||= error.of === "line";
      return { status: "lost", why: `the ${error.of} was cut`, gone: error.of === "line", links };
    }
  }

  /** `late`: what drifts once the exchange is over. */
  #link(link: Link, as: Acting, late: Fault[]): LinkResult {
    const moved = this.#difference(link.guard, as);
    if (moved) return { status: "moved", question: moved };
    const ran: StepResult[] = [];
    const first = this.steps.length + 1;
    for (const step of link.steps) {
      const stopped = this.#step(step, as, ran);
      if (stopped) return stopped;
    }
    const mine = this.#faults.filter((f) => f.step >= first && f.step <= this.steps.length);
    const proved = mine.filter((f) => f.kind === "drift" && f.when === "proved");
    const cut = mine.find((f) => f.kind === "cut" && f.when === "proving");
    if (link.verify.length === 0) {
      for (const fault of proved) this.#drift(fault);
      // A shell that dies under questions alone is replaced, and they are asked again.
      if (cut?.kind === "cut" && cut.of === "line") this.#dead = true;
      return { status: "done", ran };
    }
    if (cut?.kind === "cut") throw new Cut(cut.of);
    if (this.#difference(link.verify, as)) return { status: "unverified", ran };
    if (this.#proves() === "behind it") late.push(...proved);
    else for (const fault of proved) this.#drift(fault);
    return { status: "done", ran };
  }

  #step(step: Link["steps"][number], as: Acting, ran: StepResult[]): Stopped | undefined {
    this.steps.push(JSON.stringify(step.do === "upload" ? { ...step, local: "" } : step));
    const number = this.steps.length;
    const due = this.#faults.filter((f) => f.step === number);
    for (const f of due) if (f.kind === "drift" && f.when === "before") this.#drift(f);
    const cut = due.find((f) => f.kind === "cut");
    if (cut?.kind === "cut" && cut.when === "before") throw new Cut(cut.of);
    const fail = due.find((f) => f.kind === "fail");
    const end = fail?.kind === "fail" && !fail.acts ? undefined : runStep(this.machine, step, as);
    if (cut?.kind === "cut" && cut.when === "during") throw new Cut(cut.of);
    for (const f of due) if (f.kind === "drift" && f.when === "after") this.#drift(f);
    if (fail?.kind === "fail") {
      const late = fail.how === "late";
      ran.push({ rc: late ? 124 : 9, stdout: "", stderr: "", seconds: 0, ...(late && { timedOut: true as const }) });
      const why = late ? `${nameOf(step)} did not end within 3600 s and was killed` : `${nameOf(step)} ended with exit code 9`;
      return { status: "failed", ran, why };
    }
    if (!end) return undefined;
    ran.push(end.result);
    return end.why === undefined ? undefined : { status: "failed", ran, why: end.why };
  }

  /** What it sets going has happened, too: the twins would wait for it at different moments. */
  #drift(fault: Fault): void {
    if (fault.kind !== "drift") return;
    drifts[fault.what](this.machine);
    this.machine.settle();
  }

  #difference(expected: readonly Expectation[], as: Acting): Question | undefined {
    return expected.find(({ question, text }) => {
      const answer = answerOf(this.machine, question, as);
      const record = answer instanceof NoAnswer ? undefined : question.fact.write?.(question.key, answer);
      return record === undefined || !Buffer.from(record).equals(Buffer.from(text));
    })?.question;
  }

  /** Like the transport: first what is waited for, then the rest. */
  #ask(work: Work, as: Acting): ReadonlyMap<string, unknown> {
    if (this.#dead && work.ask.length > 0) throw new Cut("line");
    const waits = (q: Question): boolean => q.fact.settle !== undefined && (work.settle?.has(q.id) ?? false);
    if (work.ask.some(waits)) this.machine.settle();
    return new Map(work.ask.map((q) => [q.id, answerOf(this.machine, q, as)]));
  }
}
