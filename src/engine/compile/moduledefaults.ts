import { nearest, refuse } from "../../kernel/diagnostic.ts";
import type { Module } from "../../kernel/module.ts";
import type { MapNode } from "../../kernel/node.ts";
import { plainName } from "../../playbook/keywords.ts";
import type { TaskEntry } from "../../playbook/model.ts";

/** Throws Refused when `module_defaults` names a module that there is not. */
export function checkDefaults({ inherited }: TaskEntry, modules: ReadonlyMap<string, Module>): void {
  for (const { key } of inherited.moduleDefaults.flatMap((map) => map.entries)) {
    if (modules.has(plainName(key.text))) continue;
    const near = nearest(plainName(key.text), [...modules.keys()]);
    refuse(`module_defaults: there is no module "${key.text}"`, key.at, near ? `did you mean "${near}"?` : "see: rempart list modules");
  }
}

/** The arguments of the task, over what `module_defaults` says for its module: of the maps around it, the innermost that names it. */
export function withDefaults(task: TaskEntry, module: Module, own: MapNode | undefined): MapNode | undefined {
  const names = [module.name, ...module.aliases];
  const all = task.inherited.moduleDefaults.flatMap((map) => map.entries).filter((e) => names.includes(plainName(e.key.text)));
  const defaults = all.at(-1)?.value;
  if (defaults?.kind !== "map") return own;
  const given = new Set(own?.entries.map((e) => e.key.text));
  const entries = [...defaults.entries.filter((e) => !given.has(e.key.text)), ...(own?.entries ?? [])];
  return { kind: "map", entries, at: own?.at ?? defaults.at };
}
