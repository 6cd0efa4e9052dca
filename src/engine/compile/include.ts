import { Refused } from "../../kernel/diagnostic.ts";
import type { Entry, IncludeRoleEntry, IncludeTasksEntry, Role } from "../../playbook/model.ts";
import { loadRole } from "../../playbook/role.ts";
import { loadTasks } from "../../playbook/tasks.ts";

interface Included {
  readonly entries: readonly Entry[];
  readonly role?: Role;
}

/** What `include_tasks` and `include_role` brought in, read once however many hosts come by. */
export class Includes {
  readonly #playbookDir: string;
  readonly #known = new Map<Entry, Map<string, Included>>();

  constructor(playbookDir: string) {
    this.#playbookDir = playbookDir;
  }

  /** The entries behind an include whose file or role name is known by now. Throws Refused when they cannot be read. */
  load(entry: IncludeTasksEntry | IncludeRoleEntry, name: string, tasksFrom?: string): Included {
    const byName = this.#known.get(entry) ?? new Map<string, Included>();
    this.#known.set(entry, byName);
    const key = `${name}\n${tasksFrom ?? ""}`;
    let included = byName.get(key);
    if (!included) {
      included = this.#read(entry, name, tasksFrom);
      byName.set(key, included);
    }
    return included;
  }

  #read(entry: IncludeTasksEntry | IncludeRoleEntry, name: string, tasksFrom: string | undefined): Included {
    const at = entry.kind === "include_tasks" ? entry.file.at : entry.role.at;
    const read: { readonly entries?: readonly Entry[]; readonly role?: Role; readonly diagnostics: Refused["diagnostics"] } =
      entry.kind === "include_tasks"
        ? loadTasks(name, entry.handsDown, at)
        : loadRole(name, entry.handsDown, at, this.#playbookDir, tasksFrom);
    if (!read.entries) throw new Refused(...read.diagnostics);
    return { entries: read.entries, ...(read.role && { role: read.role }) };
  }
}
