import { dirname, resolve } from "node:path";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import type { Entry, Inherited } from "./model.ts";
import { finish, newReading } from "./reader.ts";
import { readTasksFile } from "./tasksfile.ts";

/** What `include_tasks` brings in; nothing but diagnostics when a part of it is wrong. */
export interface LoadedTasks {
  readonly entries?: readonly Entry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a task file when its turn comes. `inherited` is the include's handsDown, `at` the place of the file's name. */
export function loadTasks(file: string, inherited: Inherited, at: Span): LoadedTasks {
  const reading = newReading(dirname(resolve((inherited.via[0] ?? at).source.path)));
  const entries = reading.problems.attempt(() => readTasksFile(file, inherited, at, "task", reading), inherited.via);
  return finish(reading, () => (entries ? { entries } : {}));
}
