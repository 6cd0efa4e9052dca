import type { Entry } from "../../playbook/model.ts";
import { comparePaths, pathKey, type TaskPath } from "../decide/path.ts";
import type { CompiledPlay, Context, ListedTask } from "./program.ts";
import { isChosen } from "./tags.ts";

/** The tasks of a play in order, without what dynamic includes will bring in. */
export function listTasks(context: Context, play: CompiledPlay): ListedTask[] {
  const choice = { tags: context.options.tags ?? [], skipTags: context.options.skipTags ?? [] };
  return entriesOf(play.play.entries)
    .filter(
      ({ entry, path }) =>
        (!play.from || comparePaths(path, play.from) >= 0) && (entry.kind !== "task" || (!entry.implied && isChosen(entry, choice))),
    )
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

/** An entry that is known before anything runs; `rescue`: it stands in the rescue of a block. */
export interface ListedEntry {
  readonly entry: Exclude<Entry, { kind: "block" }>;
  readonly path: TaskPath;
  readonly rescue: boolean;
  /** Whoever stopped here begins there again: at the start of a block whose rescue, always or guarded part it stands in. */
  readonly restart?: TaskPath;
}

/** Tasks and includes in order, those of blocks in their place. */
export function entriesOf(entries: readonly Entry[], base: TaskPath = [], rescue = false, restart?: TaskPath): ListedEntry[] {
  return entries.flatMap((entry, i) => {
    const path = [...base, i];
    if (entry.kind !== "block") return [{ entry, path, rescue, ...(restart && { restart }) }];
    const start = restart ?? [...path, 0, 0];
    return [
      ...entriesOf(entry.block, [...path, 0], rescue, entry.guard ? start : restart),
      ...entriesOf(entry.rescue, [...path, 1], true, start),
      ...entriesOf(entry.always, [...path, 2], rescue, start),
    ];
  });
}
