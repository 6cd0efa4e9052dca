import { refuse } from "../../kernel/diagnostic.ts";
import type { Module } from "../../kernel/module.ts";
import type { TaskEntry } from "../../playbook/model.ts";

const ways = ["creates", "removes", "unless", "only_if", "reads", "always"] as const;

/** A command says how to tell that it is needed: without that no check, no rerun and no proof would be honest. */
export function contractOf(task: TaskEntry, module: Module, raw: Readonly<Record<string, unknown>>): void {
  if (module.name !== "command" && module.name !== "shell") return;
  if (task.changedWhen || ways.some((w) => raw[w] !== undefined && raw[w] !== false)) return;
  refuse(
    `${module.name} does not say how to tell that it is needed`,
    task.moduleAt,
    'add one of: creates or removes (a path), unless or only_if (a command to ask), reads: true (it changes nothing), changed_when (a condition on its result), always: "why it must run every time"',
  );
}
