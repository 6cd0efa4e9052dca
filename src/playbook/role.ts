import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import type { Entry, Inherited, Role } from "./model.ts";
import { finish, newReading } from "./reader.ts";

/** What `include_role` brings in; nothing but diagnostics when a part of it is wrong. */
export interface LoadedRole {
  readonly role?: Role;
  readonly entries?: readonly Entry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a role when its turn comes. `inherited` is the include's handsDown, `at` the place of the role's name. */
export function loadRole(name: string, inherited: Inherited, at: Span, playbookDir: string, tasksFrom?: string): LoadedRole {
  const reading = newReading(playbookDir);
  const used = reading.problems.attempt(
    () => reading.useRole({ name, at, inherited, ...(tasksFrom !== undefined && { tasksFrom: { name: tasksFrom, at } }) }),
    inherited.via,
  );
  return finish(reading, () => (used ? { role: used.role, entries: used.entries } : {}));
}
