import type { Change } from "../../kernel/change.ts";
import type { ShownChange } from "../../kernel/event.ts";
import type { PlanHost, PlanTask } from "../../kernel/planfile.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import { handlersFor } from "../compile/handlers.ts";
import type { Seat, TaskStop } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import type { StandsOn } from "../decide/decide.ts";
import type { Planned } from "../decide/planned.ts";
import type { Position } from "../decide/position.ts";
import { movedSincePlan, unplannedChange } from "../show/wording.ts";
import type { PlanKey } from "./plankey.ts";
import { planFact } from "./planrecord.ts";
import { nextTurn, planPath, type TurnWatch } from "./turnwatch.ts";

/** Holds a host to its plan: nothing is done that the plan did not show. */
export class PlanContract {
  readonly #key: PlanKey;
  /** By place; a handler that another one notifies may come twice to one. */
  readonly #tasks = new Map<string, PlanTask[]>();
  /** Handlers that were notified by what the plan left open. */
  readonly #open = new Set<TaskEntry>();
  /** Something was done whose effects the plan could not tell, so that an object may be otherwise than it foresaw. */
  #disturbed = false;
  /** Objects that were changed by the apply itself: what hangs on them is otherwise for that reason. */
  readonly #changed = new Set<string>();

  constructor(plan: PlanHost, key: PlanKey) {
    for (const task of plan.tasks) this.#tasks.set(task.path, [...(this.#tasks.get(task.path) ?? []), task]);
    this.#key = key;
  }

  /** The watch over one play. */
  watch(play: number): TurnWatch {
    return {
      forbids: (seat, position, due) => this.#forbids(play, seat, position, due),
      tried: ({ acts }) => {
        this.#disturbed ||= acts;
      },
      over: (_, position, planned, outcome) => {
        const opaque = planned.decision?.verify === undefined || outcome.status === "failed";
        if (
          planned.acts &&
          !planned.proves &&
          (opaque || this.#isOpen(planPath(play, planned.stop), nextTurn(position), planned.stop.entry))
        )
          this.#disturbed = true;
        if (planned.acts) for (const c of planned.decision?.changes ?? []) for (const p of c.predicts) this.#changed.add(p.question.object);
        return () => undefined;
      },
    };
  }

  #forbids(play: number, seat: Seat, position: Position, due: readonly Planned[]): { index: number; why: string } | undefined {
    let turn = nextTurn(position);
    for (const [index, planned] of due.entries()) {
      const path = planPath(play, planned.stop);
      if (this.#isOpen(path, turn, planned.stop.entry)) {
        if (planned.outcome.status === "changed") this.#notifies(seat, position, planned);
      } else if (planned.acts) {
        const why = this.#against(this.#tasks.get(path) ?? [], turn, planned);
        if (why !== undefined) return { index, why };
      }
      turn = planned.last ? 0 : turn + 1;
    }
    return undefined;
  }

  /** The plan said of this turn, of the include or rescue that it is in, or of what notified it: maybe. */
  #isOpen(path: string, turn: number, entry: TaskEntry): boolean {
    if (this.#open.has(entry)) return true;
    const own = this.#tasks.get(path);
    if (own) return own.some(({ turns, items }) => (turns.length === 1 && !items ? turns[0] : turns[turn])?.status === "maybe");
    const places = path.replace(/@.*/s, "").split(".");
    return places.some((_, i) => this.#tasks.get(places.slice(0, i + 1).join("."))?.some((t) => t.status === "maybe"));
  }

  /** The apply itself may be why it is otherwise: it changed what this hangs on, or something of another kind that may bring it. */
  #mayHaveMoved({ question: { fact, key, object }, known }: StandsOn, wasAbsent: boolean): boolean {
    const others = [...this.#changed].filter((o) => o.split(" ")[0] !== object.split(" ")[0]);
    return (wasAbsent && others.length > 0) || others.some((o) => fact.ifChanged?.(key, known.value, o) !== undefined);
  }

  #notifies(seat: Seat, position: Position, { stop, bind }: { readonly stop: TaskStop; readonly bind: Planned["bind"] }): void {
    const { entry } = stop;
    const variables = variablesFor(seat.context, seat.play, seat.host, entry.inherited, bind, position.vars);
    for (const node of entry.notify) {
      const name = resolve(node, variables);
      if (typeof name === "string") for (const handler of handlersFor(seat, name, node)) this.#open.add(handler);
    }
  }

  #against(tasks: readonly PlanTask[], turn: number, { decision, unit }: Planned): string | undefined {
    if (!decision || !unit) return undefined;
    const steps = new Set(tasks.flatMap((t) => t.turns[turn]?.steps ?? []));
    const shown = tasks.flatMap((t) => t.items?.[turn]?.changes ?? t.changes);
    const unplanned = decision.changes.filter(
      (c) => c.steps.some((s) => !steps.has(this.#key.step(s))) && !(this.#disturbed && isSameKind(c, shown)),
    );
    if (unplanned.length > 0) return unplannedChange(unplanned);
    if (this.#disturbed) return undefined;
    const touched = new Set(decision.changes.flatMap((c) => c.predicts.map((p) => p.question.object)));
    for (const stands of decision.standsOn.filter((s) => touched.has(s.question.object))) {
      const now = planFact(stands, unit.identity, this.#key);
      const then = tasks.flatMap((t) => t.facts.filter((f) => f.id === now.id && !f.loose));
      if (then.some((f) => this.#mayHaveMoved(stands, f.absent === true))) continue;
      if (then.length > 0 && !then.some((f) => f.digest === now.digest)) return movedSincePlan(now.fact);
    }
    return undefined;
  }
}

/** The same fields of the same object, whatever is in them: a line goes into the file that a package brought. Never of a command. */
function isSameKind({ opaque, subject, fields }: Change, shown: readonly ShownChange[]): boolean {
  const names = new Set(shown.filter((s) => s.subject === subject).flatMap((s) => s.fields.map((f) => f.name)));
  return !opaque && names.size > 0 && fields.every((f) => names.has(f.name));
}
