import type { PlanHost, PlanTask } from "../../kernel/planfile.ts";
import { movedSincePlan } from "../show/wording.ts";

/** Why a host is no longer as its plan says: each thing that moved once, with the first task that stands on it. Empty when all fits. */
export function differencesOf(planned: PlanHost, now: PlanHost): string[] {
  const current = byPlace(now);
  const moved = new Map<string, string>();
  for (const [place, task] of byPlace(planned)) {
    const observed = current.get(place)?.facts.filter((f) => f.predictedBy === undefined) ?? [];
    for (const { id, fact, digest, loose, predictedBy } of task.facts) {
      const answers = observed.filter((f) => f.id === id);
      if (loose || predictedBy !== undefined || answers.length === 0 || answers.some((f) => f.digest === digest)) continue;
      if (!moved.has(id)) moved.set(id, `${movedSincePlan(fact)} (${words(task)})`);
    }
  }
  return moved.size > 0 ? [...moved.values()] : decidedOtherwise(planned, now);
}

/** All facts that can be compared are the same, but a task comes to another end: through the facts of the host, or what a program says. */
function decidedOtherwise(planned: PlanHost, now: PlanHost): string[] {
  const [then, current] = [byPlace(planned), byPlace(now)];
  const gone = [...then].flatMap(([place, t]) =>
    t.status === "changed" && !current.has(place) ? [`${words(t)} is no longer reached`] : [],
  );
  const other = [...current].flatMap(([place, task]) => {
    const before = then.get(place);
    if (before ? before.status === "maybe" || sameEnd(before, task) : task.status !== "changed") return [];
    const said = loosely(before, task);
    const because = said.length > 0 ? `, because it is answered otherwise: ${said.join(", ")}` : "";
    return [`${words(task)} would now come to another end than the plan shows${because}`];
  });
  return [...gone, ...other];
}

/** A handler that another one notifies may come twice to one place. */
function byPlace({ tasks }: PlanHost): ReadonlyMap<string, PlanTask> {
  const all = new Map<string, PlanTask>();
  for (const task of tasks) {
    let place = task.path;
    while (all.has(place)) place += " again";
    all.set(place, task);
  }
  return all;
}

function sameEnd(a: PlanTask, b: PlanTask): boolean {
  return a.status === b.status && JSON.stringify(a.turns) === JSON.stringify(b.turns);
}

/** What programs answer otherwise than before. */
function loosely(before: PlanTask | undefined, now: PlanTask): string[] {
  const then = new Map(before?.facts.map((f) => [f.id, f.digest]));
  return now.facts.filter((f) => f.loose && then.has(f.id) && then.get(f.id) !== f.digest).map((f) => f.fact);
}

function words({ number, role, task }: PlanTask): string {
  return `task ${number}, ${role ? `${role} : ` : ""}${task}`;
}
