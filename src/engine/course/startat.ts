import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { nearest } from "../../kernel/diagnostic.ts";
import type { Play } from "../../playbook/model.ts";
import { entriesOf } from "../compile/listtasks.ts";
import { isChosen, type TagChoice } from "../compile/tags.ts";
import type { TaskPath } from "../decide/path.ts";

/** Where a run begins: everything before it is left out. */
export interface StartAt {
  readonly play: number;
  readonly path: TaskPath;
}

/** The first task of this name (`*` and `?` as in file names; `role : name` counts too), or why there is none. */
export function startAt(plays: readonly Play[], name: string, choice: TagChoice): StartAt | Diagnostic {
  const pattern = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
  );
  const names: string[] = [];
  for (const [play, { entries }] of plays.entries()) {
    for (const { entry, path, rescue } of entriesOf(entries)) {
      if (rescue || !isChosen(entry, choice)) continue;
      const { role } = entry.inherited;
      const full = role ? `${role.name} : ${entry.name}` : entry.name;
      if ([entry.name, full].some((n) => n === name || pattern.test(n))) return { play, path };
      names.push(entry.name);
    }
  }
  const near = nearest(name, names);
  const help = near
    ? `did you mean "${near}"?`
    : "see: rempart list tasks; what include_tasks and include_role bring in begins with the include";
  return { severity: "error", message: `--start-at-task: no task is named "${name}"`, help };
}
