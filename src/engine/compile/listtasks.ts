import type { Entry } from "../../playbook/model.ts";
import type { Bindings } from "../decide/cursor.ts";
import { comparePaths, pathKey, type TaskPath } from "../decide/path.ts";
import { HostVars } from "./hostvars.ts";
import { plainlyIncluded } from "./plainlyincluded.ts";
import type { CompiledPlay, Context, ListedTask } from "./program.ts";
import { isChosen } from "./tags.ts";
import { nameOf } from "./taskname.ts";
import { variablesFor } from "./variables.ts";

const nothing: Bindings = new Map();

/** The tasks of a play in order. When they are only listed, what includes bring in is among them as far as its name is plain to see. */
export function listTasks(context: Context, play: CompiledPlay): ListedTask[] {
  const choice = { tags: context.options.tags ?? [], skipTags: context.options.skipTags ?? [] };
  const own = entriesOf(play.play.entries).map((listed) => ({ ...listed, bind: nothing }));
  const all = context.options.listed ? own.flatMap((one) => withIncluded(context, one, one.bind, [])) : own;
  return all
    .filter(
      ({ entry, path }) =>
        (!play.from || comparePaths(path, play.from) >= 0) && (entry.kind !== "task" || (!entry.implied && isChosen(entry, choice))),
    )
    .map(({ entry, path, bind }) => ({
      id: pathKey(path),
      name: context.options.listed ? nameForAll(context, play, entry, bind) : entry.name,
      role: entry.inherited.role?.name ?? "",
      tags: entry.inherited.tags,
      at: entry.at,
      module: entry.kind === "task" ? entry.module : entry.kind,
      controls: entry.inherited.controls,
    }));
}

type Bound = ListedEntry & { readonly bind: Bindings };

/** The entry, and behind it what it brings in. `inside`: the places of the includes that led here, so that one that includes itself comes to an end. */
function withIncluded(context: Context, listed: ListedEntry, bind: Bindings, inside: readonly string[]): Bound[] {
  const { entry, path } = listed;
  const self = { ...listed, bind };
  if (entry.kind === "task") return [self];
  const place = `${entry.at.source.path} ${entry.at.start}`;
  const lists = inside.includes(place) ? [] : plainlyIncluded(context, entry, bind);
  const inner = lists.flatMap((list, i) =>
    entriesOf(list.entries, [...path, i]).flatMap((one) => withIncluded(context, one, list.bind, [...inside, place])),
  );
  return [self, ...inner];
}

/** The name with its variables filled in, where it is the same on all hosts. */
function nameForAll(context: Context, play: CompiledPlay, entry: ListedEntry["entry"], bind: Bindings): string {
  const names = new Set(
    play.members.map((host) => nameOf(entry, () => variablesFor(context, play, host, entry.inherited, bind, new HostVars()))),
  );
  const [name = entry.name] = names;
  return names.size === 1 ? name : entry.name;
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
