import type { Entry } from "../playbook/model.ts";
import { pathKey, type TaskPath } from "./path.ts";
import type { CompiledPlay, Context, ListedTask } from "./program.ts";
import { isChosen } from "./tags.ts";

/** The tasks of a play in order, without what dynamic includes will bring in. */
export function listTasks(context: Context, play: CompiledPlay): ListedTask[] {
  const choice = { tags: context.options.tags ?? [], skipTags: context.options.skipTags ?? [] };
  return walk(play.play.entries, [])
    .filter(({ entry }) => entry.kind !== "task" || (!entry.implied && isChosen(entry, choice)))
    .map(({ entry, path }) => ({
      id: pathKey(path),
      name: entry.name,
      role: entry.inherited.role?.name ?? "",
      tags: entry.inherited.tags,
      at: entry.at,
      module: entry.kind === "task" ? entry.module : entry.kind,
      controls: entry.inherited.controls,
    }));
}

function walk(entries: readonly Entry[], base: TaskPath): { readonly entry: Exclude<Entry, { kind: "block" }>; readonly path: TaskPath }[] {
  return entries.flatMap((entry, i) => {
    const path = [...base, i];
    if (entry.kind !== "block") return [{ entry, path }];
    return [...walk(entry.block, [...path, 0]), ...walk(entry.rescue, [...path, 1]), ...walk(entry.always, [...path, 2])];
  });
}
