import type { TaskStop } from "../compile/unit.ts";
import type { Stop } from "../decide/cursor.ts";

/** The end of a guarded block as a task, for reports. Errors of the block may be ignored, this one never. */
export function proofTask({ entry, path, bind }: Extract<Stop, { kind: "guard" }>): TaskStop {
  const { ignoreErrors: _, ...inherited } = entry.inherited;
  const task = {
    kind: "task" as const,
    name: "Prove that the host can still be reached",
    module: "guard",
    moduleAt: entry.at,
    at: entry.guard?.at ?? entry.at,
    inherited,
    notify: [],
    listen: [],
  };
  return { kind: "task", entry: task, path, bind, handler: false };
}
