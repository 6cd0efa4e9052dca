import type { PlanHost, PlanTask } from "../kernel/planfile.ts";
import { movedSincePlan } from "./wording.ts";

/** Why a host is no longer as its plan says: each thing that moved once, with the first task that stands on it. Empty when all fits. */
export function differencesOf(planned: PlanHost, now: PlanHost): string[] {
  const current = new Map(now.tasks.map((t) => [t.path, t]));
  const moved = new Map<string, string>();
  for (const task of planned.tasks) {
    const facts = new Map(current.get(task.path)?.facts.map((f) => [f.id, f]));
    for (const { id, fact, digest, loose, predictedBy } of task.facts) {
      const answer = facts.get(id);
      if (!answer || loose || predictedBy !== undefined || answer.predictedBy !== undefined || answer.digest === digest) continue;
      if (!moved.has(id)) moved.set(id, `${movedSincePlan(fact)} (${words(task)})`);
    }
  }
  return moved.size > 0 ? [...moved.values()] : decidedOtherwise(planned, now);
}

/** All facts that can be compared are the same, but a task comes to another end: through the facts of the host, or what a program says. */
function decidedOtherwise(planned: PlanHost, now: PlanHost): string[] {
  const then = new Map(planned.tasks.map((t) => [t.path, t]));
  const paths = new Set(now.tasks.map((t) => t.path));
  const gone = planned.tasks.filter((t) => t.status === "changed" && !paths.has(t.path)).map((t) => `${words(t)} is no longer reached`);
  const other = now.tasks.flatMap((task) => {
    const before = then.get(task.path);
    if (before ? before.status === "maybe" || sameEnd(before, task) : task.status !== "changed") return [];
    const said = loosely(before, task);
    const because = said.length > 0 ? `, because it is answered otherwise: ${said.join(", ")}` : "";
    return [`${words(task)} would now come to another end than the plan shows${because}`];
  });
  return [...gone, ...other];
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
