import PQueue from "p-queue";
import type { TaskEntry } from "../../playbook/model.ts";
import type { CompiledPlay } from "../compile/program.ts";
import type { Planned } from "../decide/planned.ts";

const gates = new WeakMap<CompiledPlay, Map<TaskEntry, PQueue>>();

/** Performs a chain when each of its tasks that has a throttle lets one more host in. Every host goes through them in the same order. */
export async function throttled<T>(play: CompiledPlay, due: readonly Planned[], act: () => Promise<T>): Promise<T> {
  const tasks = new Map(due.flatMap((p) => (p.acts && p.unit?.throttle ? [[p.stop.entry, p.unit.throttle] as const] : [])));
  const all = gates.get(play) ?? new Map<TaskEntry, PQueue>();
  gates.set(play, all);
  let enter = act;
  for (const [task, hosts] of [...tasks].reverse()) {
    const gate = all.get(task) ?? new PQueue({ concurrency: Math.max(1, Math.floor(hosts)) });
    all.set(task, gate);
    const inner = enter;
    enter = () => gate.add(inner);
  }
  return enter();
}
