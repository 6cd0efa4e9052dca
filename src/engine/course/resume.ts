import type { HostProgress } from "../../kernel/journal.ts";
import type { Entry, TaskEntry } from "../../playbook/model.ts";
import { allHandlers } from "../compile/handlers.ts";
import { entriesOf, type ListedEntry } from "../compile/listtasks.ts";
import type { CompiledPlay } from "../compile/program.ts";
import { comparePaths, type TaskPath } from "../decide/path.ts";
import { resumesAt, resumesEarlier, resumesFromStart, staysOwed } from "../show/wording.ts";

/** Behind every entry of a play, where only the handlers are left. */
const end: TaskPath = [Number.MAX_SAFE_INTEGER];

/** How a host goes on with a play. */
export interface Resumed {
  /** It begins here; left out: with the first task. */
  readonly from?: TaskPath;
  /** Handlers that it is owed. */
  readonly owed: readonly TaskEntry[];
  /** What a person should know. */
  readonly says: readonly string[];
}

/** The entry that is known beforehand and holds this place; undefined: the end of the play. */
export function placeIn(entries: readonly Entry[], path: TaskPath | undefined): Pick<HostProgress, "path" | "task"> {
  if (!path || comparePaths(path, end) >= 0) return { path: [...end], task: "" };
  const found = listed(entries).findLast((e) => comparePaths(e.path, path) <= 0);
  return found ? { path: [...found.path], task: found.entry.name } : { path: [], task: "" };
}

/** Where a host that stood there begins this play, of all plays of the run. */
export function resumeIn(play: CompiledPlay, plays: readonly CompiledPlay[], at: HostProgress): Resumed {
  const wanted = at.owed.filter((o) => o.play === play.index);
  const handlers = allHandlers({ play });
  const isOwed = (h: TaskEntry): boolean => wanted.some((o) => o.handler === h.name && o.role === (h.inherited.role?.name ?? ""));
  const owed = handlers.filter(isOwed);
  const gone = wanted.filter((o) => !owed.some((h) => h.name === o.handler));
  const says = gone.map((o) => staysOwed(o));
  if (at.done) return { from: end, owed, says };
  if (play.index > at.play) return { owed, says };
  const start = startIn(play, plays, at);
  return { ...start, owed, says: [...says, ...start.says] };
}

function startIn(play: CompiledPlay, plays: readonly CompiledPlay[], at: HostProgress): Omit<Resumed, "owed"> {
  const all = listed(play.play.entries);
  const inIt = play.index === at.play;
  const current = plays.find((p) => p.index === at.play);
  // What it gathered is used by the plays behind it that gather nothing.
  if (!inIt && current && !current.play.gatherFacts) return { says: [] };
  const stood = inIt && at.path[0] !== end[0] ? all.find((e) => comparePaths(e.path, at.path) === 0) : undefined;
  if (inIt && at.path.length === 0) return { says: [] };
  if (inIt && at.path[0] !== end[0] && stood?.entry.name !== at.task) return { says: [resumesFromStart(play.name)] };
  const reached = stood ? (stood.restart ?? stood.path) : end;
  const teaches = all.find((e) => comparePaths(e.path, reached) < 0 && mayTeach(e));
  const from = teaches ? (teaches.restart ?? teaches.path) : reached;
  if (teaches) return { from, says: [resumesEarlier(teaches.entry.name)] };
  return { from, says: inIt && stood ? [resumesAt(stood.entry.name)] : [] };
}

/** Something behind it may need what it registers or sets; what an include brings in is not known. */
function mayTeach({ entry }: ListedEntry): boolean {
  return entry.kind !== "task" || entry.register !== undefined || entry.module === "set_fact" || entry.module === "include_vars";
}

const lists = new WeakMap<readonly Entry[], readonly ListedEntry[]>();

function listed(entries: readonly Entry[]): readonly ListedEntry[] {
  const known = lists.get(entries) ?? entriesOf(entries);
  lists.set(entries, known);
  return known;
}
