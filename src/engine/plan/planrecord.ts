import type { TaskEvent } from "../../kernel/event.ts";
import { NoAnswer, type Question } from "../../kernel/fact.ts";
import type { PlanFact, PlanHost, PlanQuestion, PlanTask } from "../../kernel/planfile.ts";
import { scrub } from "../../kernel/scrub.ts";
import { type Identity, identityKey } from "../../kernel/target.ts";
import type { Unit } from "../compile/unit.ts";
import type { StandsOn } from "../decide/decide.ts";
import type { UnitOutcome } from "../decide/outcome.ts";
import type { TaskPath } from "../decide/path.ts";
import type { Planned } from "../decide/planned.ts";
import type { Position } from "../decide/position.ts";
import type { PlanKey } from "./plankey.ts";
import { planPath, type TurnWatch } from "./turnwatch.ts";

/** What is noted of one task until its last turn. */
interface Open {
  readonly facts: Map<string, PlanFact>;
  readonly turns: PlanTask["turns"];
  readonly mayTouch: Set<string>;
  opaque: boolean;
}

/** Notes what would be done on one host, through all plays. */
export class PlanRecord {
  readonly #key: PlanKey;
  readonly #tasks: PlanTask[] = [];
  readonly #questions = new Map<string, PlanQuestion>();
  /** The last task that predicts an object, and the last of a name. */
  readonly #predictedBy = new Map<string, number>();
  readonly #numbers = new Map<string, number>();
  readonly #rescues = new Set<string>();
  #open: Open = emptyOpen();
  #broken: string | undefined;

  constructor(key: PlanKey) {
    this.#key = key;
  }

  /** The watch over one play. */
  watch(play: number, name: string): TurnWatch {
    return {
      over: (_, position, planned, outcome) => {
        this.#turn(planned, outcome);
        const rescue = acts(planned, outcome) ? rescueOf(position, planned) : undefined;
        return (event) => {
          if (!event) return;
          this.#task(event, planPath(play, planned.stop), name);
          if (event.status === "failed" && !event.ignored) this.break(`the task "${taskName(event)}" failed: ${event.message ?? ""}`);
          if (rescue) this.#rescue([play, ...rescue].join("."), name, event);
        };
      },
    };
  }

  /** There will be no whole plan of the host. */
  break(why: string): void {
    this.#broken ??= why;
  }

  of(host: string): PlanHost {
    const broken = this.#broken === undefined ? {} : { broken: this.#broken };
    return { name: host, ...broken, tasks: this.#tasks, questions: [...this.#questions.values()] };
  }

  #turn({ decision, unit, stop }: Planned, outcome: UnitOutcome): void {
    const number = this.#tasks.length + 1;
    this.#numbers.set(stop.entry.name, number);
    const changes = decision?.changes ?? [];
    this.#open.turns.push({ status: outcome.status, steps: changes.flatMap((c) => c.steps).map((s) => this.#key.step(s)) });
    if (outcome.status === "maybe" && unit && unit.prepared.kind !== "question")
      for (const { object } of unit.questions) this.#open.mayTouch.add(object);
    if (changes.length > 0 && (decision?.verify === undefined || changes.some((c) => c.opaque))) this.#open.opaque = true;
    for (const stands of decision?.standsOn ?? []) if (unit) this.#fact(stands, unit, number);
    for (const { question } of changes.flatMap((c) => c.predicts)) this.#predictedBy.set(question.object, number);
  }

  #fact(stands: StandsOn, unit: Unit, number: number): void {
    const { question, known } = stands;
    const fact = planFact(stands, unit.identity, this.#key);
    const by =
      known.predictedBy === undefined ? undefined : (this.#predictedBy.get(question.object) ?? this.#numbers.get(known.predictedBy));
    // The turns of a loop may stand on the same object before and after each other.
    const one = `${fact.id} ${fact.digest}`;
    if (!this.#open.facts.has(one)) this.#open.facts.set(one, { ...fact, ...(by !== undefined && { predictedBy: by }) });
    // What another host was asked is found again in the playbook.
    if (known.predictedBy === undefined && !unit.secret && unit.delegate === undefined && number > 0)
      this.#question(question, unit.identity);
  }

  /** Only a question that is harmless in every letter is written down. */
  #question(question: Question, identity: Identity): void {
    const text = JSON.stringify(question.key);
    if (scrub(text) !== text) return;
    const as = identityKey(identity);
    this.#questions.set(`${as} ${question.id}`, { as, kind: question.fact.kind, key: JSON.parse(text) });
  }

  #task(event: TaskEvent, path: string, play: string): void {
    const { facts, turns, mayTouch, opaque } = this.#open;
    this.#open = emptyOpen();
    const { role, task, module, at, handler, status, changes, items, message, waitsFor, delegates } = event;
    this.#tasks.push({
      number: this.#tasks.length + 1,
      path,
      play,
      ...(delegates && { delegates: [...delegates] }),
      role,
      task,
      module,
      at,
      handler,
      status,
      changes: [...changes],
      ...(items && { items: [...items] }),
      ...(message !== undefined && { message }),
      ...(waitsFor !== undefined && { waitsFor }),
      ...(mayTouch.size > 0 && { mayTouch: [...mayTouch] }),
      ...(opaque && { opaque }),
      facts: [...facts.values()],
      turns,
    });
  }

  /** What rescues a task that acts is part of the plan: it is decided when that fails. */
  #rescue(path: string, play: string, event: TaskEvent): void {
    if (this.#rescues.has(path)) return;
    this.#rescues.add(path);
    const { role, at } = event;
    const task = { number: this.#tasks.length + 1, path, play, role, task: "rescue", module: "rescue", at, handler: false };
    this.#tasks.push({ ...task, status: "maybe", changes: [], waitsFor: `a failure of ${taskName(event)}`, facts: [], turns: [] });
  }
}

/** One answer that a task stands on, without who predicts it. */
export function planFact({ question, known }: StandsOn, identity: Identity, key: PlanKey): PlanFact {
  const id = key.digest("question", `${identityKey(identity)} ${question.id}`);
  const record = known.record ?? (known.value instanceof NoAnswer ? "no answer" : JSON.stringify(known.value ?? null));
  return {
    fact: question.object,
    id,
    // With its question: else the same answer to two questions could be told from the file.
    digest: key.digest("answer", Buffer.concat([Buffer.from(`${id}\0`), Buffer.from(record)])),
    ...(!(known.value instanceof NoAnswer) && question.fact.absent?.(known.value) && { absent: true as const }),
    ...((!question.fact.write || (known.predictedBy !== undefined && known.record === undefined)) && { loose: true as const }),
  };
}

function emptyOpen(): Open {
  return { facts: new Map(), turns: [], mayTouch: new Set(), opaque: false };
}

function acts({ decision }: Planned, outcome: UnitOutcome): boolean {
  return outcome.status === "maybe" || (decision?.changes ?? []).some((c) => c.steps.length > 0);
}

/** The place of the tasks that a failure of this one would lead to. */
function rescueOf(position: Position, { stop }: Planned): TaskPath | undefined {
  const { cursor, outcome } = position.cursor.fail();
  const rescue = outcome === "rescued" ? cursor.settle().stop?.path : undefined;
  return rescue?.slice(0, rescue.findIndex((step, i) => step !== stop.path[i]) + 1);
}

function taskName({ role, task }: TaskEvent): string {
  return role ? `${role} : ${task}` : task;
}
