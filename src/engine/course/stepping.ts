/** What a person answers before a task. */
export type StepAnswer = "yes" | "no" | "continue";

/** Asks a person before a task. */
export type AskStep = (task: string, hosts: readonly string[]) => Promise<StepAnswer>;

/** Asks before each task of a run once, however many turns it has. */
export class Stepping {
  #ask: AskStep | undefined;
  #last: { readonly key: string; readonly answer: boolean } | undefined;

  constructor(ask: AskStep | undefined) {
    this.#ask = ask;
  }

  get asks(): boolean {
    return this.#ask !== undefined;
  }

  /** Is the task to be done? `key` is the same for all turns of it. */
  async wants(key: string, task: string, hosts: readonly string[]): Promise<boolean> {
    if (!this.#ask) return true;
    if (this.#last?.key === key) return this.#last.answer;
    const answer = await this.#ask(task, hosts);
    if (answer === "continue") this.#ask = undefined;
    this.#last = { key, answer: answer !== "no" };
    return this.#last.answer;
  }
}
