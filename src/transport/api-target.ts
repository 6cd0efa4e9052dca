import { setTimeout as sleep } from "node:timers/promises";
import type { ApiKind } from "../kernel/api.ts";
import { type ApiClient, ApiError, ApiGone } from "../kernel/apiclient.ts";
import type { Counts } from "../kernel/counts.ts";
import { NoAnswer, type Question } from "../kernel/fact.ts";
import type { Step, StepResult } from "../kernel/step.ts";
import type { Expectation, Link, LinkResult, Performed, Target, Work } from "../kernel/target.ts";

/** How often a question is asked while its answer settles. Milliseconds. */
const pace = 500;

/** A target that is an API: its facts ask through a client, its steps are calls. It knows no identities and no lock. */
export class ApiTarget implements Target {
  readonly #client: ApiClient;
  readonly #kind: ApiKind;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(kind: ApiKind, client: ApiClient) {
    this.#kind = kind;
    this.#client = client;
  }

  get counts(): Counts {
    return this.#client.counts;
  }

  /** One exchange at a time, in the order of the calls. */
  perform(work: Work): Promise<Performed> {
    const performed = this.#turn.then(() => this.#perform(work));
    this.#turn = performed.catch(() => undefined);
    return performed;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #perform(work: Work): Promise<Performed> {
    this.#client.forget();
    const links: LinkResult[] = [];
    try {
      for (const link of work.links) {
        const result = await this.#link(link);
        links.push(result);
        if (result.status !== "done") return { status: "done", links, answers: new Map() };
      }
      return { status: "done", links, answers: await this.#settled(work) };
    } catch (error) {
      if (!(error instanceof ApiGone)) throw error;
      return { status: "lost", why: error.message, gone: true, links };
    }
  }

  async #link(link: Link): Promise<LinkResult> {
    const moved = await this.#differing(link.guard);
    if (moved) return { status: "moved", question: moved };
    const ran: StepResult[] = [];
    for (const step of link.steps) {
      const result = await this.#do(step);
      ran.push(result);
      if (result.rc !== 0) return { status: "failed", ran, why: result.stderr };
    }
    return { status: (await this.#differing(link.verify)) ? "unverified" : "done", ran };
  }

  async #do(step: Step): Promise<StepResult> {
    if (step.do !== "call") throw new Error(`an API cannot do the step "${step.do}"`);
    try {
      return await this.#client.call(step);
    } finally {
      this.#client.forget();
    }
  }

  async #differing(expected: readonly Expectation[]): Promise<Question | undefined> {
    const answers = await this.#ask(expected.map((e) => e.question));
    return expected.find(({ question, text }) => recordOf(question, answers.get(question.id)) !== text)?.question;
  }

  /** The answers, asked until those that settle have held. */
  async #settled({ ask, settle }: Work): Promise<ReadonlyMap<string, unknown>> {
    const waiting = ask.filter((q) => settle?.has(q.id));
    const hold = Math.max(0, ...waiting.map((q) => q.fact.settle?.hold ?? 0)) * 1000;
    const within = Math.max(0, ...waiting.map((q) => q.fact.settle?.within ?? 0)) * 1000;
    let answers = await this.#ask(ask);
    for (let held = 0, spent = 0; held < hold && spent < within; spent += pace) {
      await sleep(pace);
      this.#client.forget();
      const again = await this.#ask(waiting);
      const same = waiting.every((q) => recordOf(q, again.get(q.id)) === recordOf(q, answers.get(q.id)));
      held = same ? held + pace : 0;
      answers = new Map([...answers, ...again]);
    }
    return answers;
  }

  async #ask(questions: readonly Question[]): Promise<ReadonlyMap<string, unknown>> {
    const answers = new Map<string, unknown>();
    for (const [fact, of] of Map.groupBy(questions, (q) => q.fact)) {
      const values = await this.#answer(fact, of);
      for (const [i, { id }] of of.entries()) answers.set(id, values[i]);
    }
    return answers;
  }

  async #answer({ api }: Question["fact"], questions: readonly Question[]): Promise<readonly unknown[]> {
    const none = (why: string): readonly NoAnswer[] => questions.map(() => new NoAnswer(why));
    if (!api?.kinds.includes(this.#kind)) return none(`${this.#kind} does not know such a question`);
    try {
      return await api.ask(
        this.#client,
        questions.map((q) => q.key),
      );
    } catch (error) {
      if (error instanceof ApiError) return none(error.message);
      throw error;
    }
  }
}

function recordOf({ fact, key }: Question, value: unknown): string | undefined {
  return value instanceof NoAnswer ? `no answer: ${value.why}` : fact.write?.(key, value)?.toString();
}
