import type { Program } from "../../src/engine/compile/program.ts";
import type { Summary } from "../../src/engine/course/tallies.ts";
import { applyPlan } from "../../src/engine/plan/applyplan.ts";
import { makePlan } from "../../src/engine/plan/makeplan.ts";
import { PlanKey } from "../../src/engine/plan/plankey.ts";
import type { Event, TaskEvent } from "../../src/kernel/event.ts";
import type { PlanHost, PlanTask } from "../../src/kernel/planfile.ts";
import { compiled } from "./drive.ts";
import { cell, connectTo, type FakeHost } from "./fakehost.ts";

const key = new PlanKey(new Map([["a secret of the test", "not to be guessed"]]), "00".repeat(16));

/** What came of an apply. */
export interface Applied {
  readonly summary: Summary;
  readonly events: readonly Event[];
  readonly tasks: readonly TaskEvent[];
  /** `host status task`, in order. */
  readonly lines: readonly string[];
  /** What was said of the hosts that were refused. */
  readonly refused: readonly string[];
}

/** A playbook that was planned on fake hosts, as the program does it but for the file. */
export class Planning {
  readonly hosts: readonly PlanHost[];
  readonly summary: Summary;
  readonly #program: Program;
  readonly #fakes: Readonly<Record<string, FakeHost>>;

  private constructor(program: Program, fakes: Readonly<Record<string, FakeHost>>, made: Awaited<ReturnType<typeof makePlan>>) {
    this.#program = program;
    this.#fakes = fakes;
    // Through JSON, as a file would keep it.
    this.hosts = JSON.parse(JSON.stringify(made.hosts)) as readonly PlanHost[];
    this.summary = made.summary;
  }

  static async of(playbook: string, fakes: Readonly<Record<string, FakeHost>>): Promise<Planning> {
    const { program, diagnostics } = await compiled(playbook, Object.keys(fakes));
    if (!program) throw new Error(JSON.stringify(diagnostics.map((d) => d.message)));
    const options = { connect: connectTo(fakes), forks: 5, lookahead: true };
    return new Planning(program, fakes, await makePlan(program, options, key, () => undefined));
  }

  /** The task of this name on the first host. */
  task(name: string): PlanTask {
    const task = this.hosts[0]?.tasks.find((t) => t.task === name);
    if (!task) throw new Error(`the plan has no task ${name}`);
    return task;
  }

  /** `status task`, in order, of the first host. */
  get lines(): string[] {
    return (this.hosts[0]?.tasks ?? []).map((t) => `${t.number} ${t.status} ${t.task}`);
  }

  /** `connect`: another way to the hosts. */
  async apply(connect = connectTo(this.#fakes)): Promise<Applied> {
    const events: Event[] = [];
    const questionOf = (kind: string, of: unknown): ReturnType<typeof cell> | undefined => (kind === "cell" ? cell(String(of)) : undefined);
    const options = { connect, forks: 5, lookahead: true, key, questionOf };
    const summary = await applyPlan(this.#program, this.hosts, options, (e) => events.push(e));
    const tasks = events.filter((e) => e.event === "task");
    const refused = events.flatMap((e) => (e.event === "host" ? [`${e.host} ${e.status}: ${e.message}`] : []));
    return { summary, events, tasks, refused, lines: tasks.map((t) => `${t.host} ${t.status} ${t.task}`) };
  }
}
