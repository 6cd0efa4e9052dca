import { setTimeout as sleep } from "node:timers/promises";
import type { PauseStep, StepResult } from "../../kernel/step.ts";

/** Asks a person at the terminal: what was typed, null where nobody can be asked, undefined when the run was interrupted. */
export type Prompt = (text: string, signal: AbortSignal | undefined) => Promise<string | null | undefined>;

/** What the pause came to, or why it was none. */
export type Paused = StepResult | { readonly why: string };

const nobody = "there is no terminal to ask at: give `seconds`, or take the answer from a variable (-e) and put a `when` on this task";

/** The pauses of hosts that go through a play side by side: whoever comes first to a place begins, the others join. */
export class Pauses {
  readonly #prompt: Prompt | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #at = new Map<string, Promise<Paused>>();

  constructor(prompt: Prompt | undefined, signal: AbortSignal | undefined) {
    this.#prompt = prompt;
    this.#signal = signal;
  }

  /** `quiet` is called before a person is asked. */
  at(place: string, step: PauseStep, quiet: () => void): Promise<Paused> {
    const paused = this.#at.get(place) ?? this.#pause(step, quiet);
    this.#at.set(place, paused);
    return paused;
  }

  async #pause({ seconds, prompt }: PauseStep, quiet: () => void): Promise<Paused> {
    const started = performance.now();
    const signal = this.#signal;
    let typed = "";
    if (seconds === undefined) {
      quiet();
      const answer = this.#prompt ? await this.#prompt(prompt ?? "Press Enter to go on", signal) : null;
      if (answer === null) return { why: nobody };
      if (answer === undefined) return { why: "interrupted" };
      typed = answer;
    } else await sleep(seconds * 1000, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    if (signal?.aborted) return { why: "interrupted" };
    return { rc: 0, stdout: typed, stderr: "", seconds: (performance.now() - started) / 1000 };
  }
}
