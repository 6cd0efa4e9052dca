import { Refused } from "../../kernel/diagnostic.ts";
import { Unknown } from "../../kernel/value.ts";
import type { Entry, IncludeRoleEntry, IncludeTasksEntry } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import type { Bindings } from "../decide/cursor.ts";
import { itemsOf, turn } from "./loop.ts";
import type { Context } from "./program.ts";
import { Variables, valueLayer } from "./scope.ts";

export interface PlainlyIncluded {
  readonly entries: readonly Entry[];
  readonly bind: Bindings;
}

/** What an include brings in on every host, as its name hangs on none: one list per turn of its loop, none where that cannot be told. */
export function plainlyIncluded(context: Context, entry: IncludeTasksEntry | IncludeRoleEntry, bind: Bindings): PlainlyIncluded[] {
  const variables = (of: Bindings): Variables => new Variables([valueLayer("loop", of), ...context.extra]);
  try {
    const value = entry.loop && resolve(entry.loop.over, variables(bind));
    if (value instanceof Unknown) return [];
    const items = entry.loop && value !== undefined ? itemsOf(entry.loop, value, variables(bind)) : [null];
    return items.flatMap((item, i) => {
      const inner = turn(entry, bind, item, i, items);
      const name = resolve(entry.kind === "include_tasks" ? entry.file : entry.role, variables(inner));
      const from = entry.kind === "include_role" && entry.tasksFrom ? resolve(entry.tasksFrom, variables(inner)) : undefined;
      if (typeof name !== "string" || (from !== undefined && typeof from !== "string")) return [];
      return [{ entries: context.includes.load(entry, name, from).entries, bind: inner }];
    });
  } catch (error) {
    // It hangs on a host, or is not there on this machine.
    if (error instanceof Refused) return [];
    throw error;
  }
}
