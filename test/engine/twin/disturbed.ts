import type { Counts } from "../../../src/kernel/counts.ts";
import type { Step, StepResult } from "../../../src/kernel/step.ts";
import type { Link, LinkResult, Performed, Target, Work } from "../../../src/kernel/target.ts";

/** Something else happens on a real host around the n-th step that it does, counted from 1; `killed`: the shell dies in front of it. */
export interface Disturbance {
  readonly step: number;
  readonly when: "before" | "after" | "killed";
  /** Shell text. */
  readonly what: string;
}

interface Disturbed {
  readonly link: Link;
  /** Which of its steps are its own. */
  readonly own: readonly boolean[];
}

/** The way to a real host on which others are at work: what they do is slipped into the chain, between our steps, and never told. */
export class DisturbedTarget implements Target {
  readonly #target: Target;
  readonly #all: readonly Disturbance[];
  #begun = 0;

  constructor(target: Target, disturbances: readonly Disturbance[]) {
    this.#target = target;
    this.#all = disturbances;
  }

  get counts(): Counts {
    return this.#target.counts;
  }

  close(): Promise<void> {
    return this.#target.close();
  }

  async perform(work: Work): Promise<Performed> {
    let number = this.#begun;
    const links = work.links.map((link): Disturbed => {
      const steps = link.steps.flatMap((step) => this.#around(step, ++number));
      return { link: { ...link, steps: steps.map((s) => s.step) }, own: steps.map((s) => s.own) };
    });
    const performed = await this.#target.perform({ ...work, links: links.map((l) => l.link) });
    if (performed.status === "refused") return performed;
    const results = performed.links.map((result, i) => without(result, links[i]?.own ?? []));
    for (const result of results) if ("ran" in result) this.#begun += result.ran.length;
    // Of a shell that died it is not told which step it was at: it was the first that it was killed in front of.
    if (performed.status === "lost") this.#begun = Math.min(...this.#kills.filter((step) => step > this.#begun && step <= number), number);
    return { ...performed, links: results };
  }

  get #kills(): number[] {
    return this.#all.filter((d) => d.when === "killed").map((d) => d.step);
  }

  #around(step: Step, number: number): { readonly step: Step; readonly own: boolean }[] {
    const due = this.#all.filter((d) => d.step === number);
    const slip = (when: Disturbance["when"]) => due.filter((d) => d.when === when).map((d) => ({ step: stepOf(d), own: false }));
    return [...slip("before"), ...slip("killed"), { step, own: true }, ...slip("after")];
  }
}

function stepOf({ when, what }: Disturbance): Step {
  if (when === "killed") return { do: "exec", argv: ["sh", "-c", "kill -9 $PPID"] };
  return { do: "exec", argv: ["sh", "-c", `{ ${what}; } >/dev/null 2>&1; true`] };
}

function without(result: LinkResult, own: readonly boolean[]): LinkResult {
  if (!("ran" in result)) return result;
  const ran: StepResult[] = result.ran.filter((_, i) => own[i] ?? true);
  return { ...result, ran };
}
