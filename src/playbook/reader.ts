import type { Diagnostic } from "../kernel/diagnostic.ts";
import { Problems } from "../kernel/problems.ts";
import { readEntries } from "./entries.ts";
import { Files } from "./files.ts";
import { readHandlers } from "./handlers.ts";
import type { Reading } from "./reading.ts";
import { useRole } from "./userole.ts";

/** A fresh start: no role has been met yet. `playbookDir` is absolute. */
export function newReading(playbookDir: string, problems: Problems = new Problems(), files: Files = new Files()): Reading {
  const reading: Reading = {
    problems,
    files,
    playbookDir,
    roles: new Map(),
    folders: new Map(),
    ran: new Set(),
    entries: (node, inherited, kind) => readEntries(node, inherited, kind, reading),
    handlers: (node, inherited) => readHandlers(node, inherited, reading),
    useRole: (use) => useRole(use, reading),
  };
  return reading;
}

/** The result with what was noted; an error leaves only the diagnostics. */
export function finish<T extends object>(
  reading: Pick<Reading, "problems">,
  result: () => T,
): Partial<T> & { readonly diagnostics: readonly Diagnostic[] } {
  const { diagnostics, fatal } = reading.problems;
  return fatal ? ({ diagnostics } as Partial<T> & { readonly diagnostics: readonly Diagnostic[] }) : { ...result(), diagnostics };
}
