import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect } from "vitest";
import { defineFact, type Question } from "../../src/kernel/fact.ts";
import { joinShell, sh } from "../../src/kernel/sh.ts";
import { type ExecStep, exec, type ScriptStep, type Step, type StepResult } from "../../src/kernel/step.ts";
import {
  asLogin,
  type Identity,
  type Link,
  type LinkResult,
  type Performed,
  type Target,
  type Unreachable,
  type Work,
} from "../../src/kernel/target.ts";
import type { Bounds } from "../../src/transport/bounds.ts";

export type OpenTarget = (bounds?: Partial<Bounds>) => Promise<Target | Unreachable>;

/** What a file holds: `=TEXT` or `-`. */
export const text = defineFact<string, string | null>({
  kind: "text",
  summary: "What a small file holds.",
  object: (path) => path,
  script: (paths) => joinShell(paths.map((p) => sh`if [ -f ${p} ]; then printf '=%s\n' "$(cat ${p})"; else echo -; fi`)),
  read: (stdout, paths) => {
    const lines = stdout.toString("utf8").split("\n");
    if (lines.pop() !== "" || lines.length !== paths.length) throw new Error(`unexpected answer ${JSON.stringify(stdout.toString())}`);
    return lines.map((l) => (l === "-" ? null : l.slice(1)));
  },
  write: (_path, value) => (value === null ? "-\n" : `=${value}\n`),
});

export interface Traits {
  /** `exec WORD` takes a builtin or function of that name in mksh. */
  readonly execIsProgram: boolean;
  /** Who acts. */
  readonly as: Identity;
}

export const usualTraits: Traits = { execIsProgram: true, as: asLogin };

/** The target under test and a folder on it. */
export class Subject {
  readonly #open: OpenTarget;
  readonly #traits: () => Traits;
  #target: Target | undefined;
  readonly folder = `/tmp/rempart-conformance-${randomBytes(6).toString("hex")}`;

  constructor(open: OpenTarget, traits: () => Traits) {
    this.#open = open;
    this.#traits = traits;
    beforeAll(async () => {
      this.#target = await this.fresh();
      await this.run(exec("mkdir", "-p", this.folder));
    });
    afterAll(async () => {
      await this.run(exec("rm", "-rf", this.folder));
      await this.#target?.close();
    });
  }

  /** Known only when the host is there. */
  get traits(): Traits {
    return this.#traits();
  }

  get target(): Target {
    if (!this.#target) throw new Error("not connected");
    return this.#target;
  }

  /** Another connection. */
  async fresh(bounds?: Partial<Bounds>): Promise<Target> {
    const target = await this.#open(bounds);
    if ("unreachable" in target) throw new Error(`${target.unreachable}: ${target.help}`);
    return target;
  }

  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  perform(work: Partial<Work>, target = this.target): Promise<Performed> {
    return target.perform({ as: this.traits.as, lane: "work", links: [], ask: [], ...work });
  }

  /** The result of one step, whether it failed or not. */
  async run(step: Step, target = this.target): Promise<StepResult> {
    const links = linksOf(await this.perform({ links: [doing(step)] }, target));
    const ran = links[0] && "ran" in links[0] ? links[0].ran[0] : undefined;
    if (!ran) throw new Error(`the step did not run: ${JSON.stringify(links)}`);
    return ran;
  }

  async link(step: Step, target = this.target): Promise<LinkResult> {
    const done = await this.perform({ links: [doing(step)] }, target);
    expect(done.status).toBe("done");
    const [link] = linksOf(done);
    if (!link) throw new Error("no link was begun");
    return link;
  }

  async ask<V>(question: Question<V>, target = this.target): Promise<unknown> {
    const done = await this.perform({ ask: [question] }, target);
    if (done.status !== "done") throw new Error(`not asked: ${JSON.stringify(done)}`);
    return done.answers.get(question.id);
  }
}

export function script(content: string, more: Partial<ScriptStep> = {}): ScriptStep {
  return { do: "script", text: content, ...more };
}

export function program(argv: readonly string[], more: Partial<ExecStep> = {}): ExecStep {
  return { do: "exec", argv, ...more };
}

export function doing(...steps: Step[]): Link {
  return { guard: [], steps, verify: [] };
}

/** What became of the links; none where the identity could not be entered. */
export function linksOf(done: Performed): readonly LinkResult[] {
  return done.status === "refused" ? [] : done.links;
}
