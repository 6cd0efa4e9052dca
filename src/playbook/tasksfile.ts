import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { nearest, refuse } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import { refuseCycle, short } from "./cycle.ts";
import { isFile, isFolder } from "./files.ts";
import { through } from "./inherit.ts";
import type { Entry, Inherited } from "./model.ts";
import type { EntryKind, Reading } from "./reading.ts";

/** The entries of a task file that an import or include names. Throws Refused when there is no such file, or when it includes itself. */
export function readTasksFile(file: string, inherited: Inherited, at: Span, kind: EntryKind, reading: Reading): readonly Entry[] {
  const path = findTasks(file, inherited, at, kind, reading);
  const inner = through(inherited, at);
  refuseCycle(path, inner.via, at);
  const { node } = reading.files.read(path, at);
  return node ? reading.entries(node, inner, kind) : [];
}

/** Beside the including file first, then in the role, then beside the playbook. */
function findTasks(file: string, inherited: Inherited, at: Span, kind: EntryKind, reading: Reading): string {
  const folders = [
    dirname(resolve(at.source.path)),
    ...(inherited.role ? [join(resolve(inherited.role.dir), kind === "task" ? "tasks" : "handlers")] : []),
    reading.playbookDir,
  ];
  const places = [...new Set(folders.map((folder) => resolve(folder, file)))];
  const found = places.find(isFile);
  if (found !== undefined) return found;
  return refuse(`there is no task file "${file}"`, at, fileHelp(file, places));
}

function fileHelp(file: string, places: readonly string[]): string {
  const siblings = places.flatMap((p) => (isFolder(dirname(p)) ? readdirSync(dirname(p)) : []));
  const near = siblings.includes(`${basename(file)}.yml`) ? `${basename(file)}.yml` : nearest(basename(file), siblings);
  const looked = `looked for ${places.map(short).join(", ")}`;
  return near ? `did you mean "${join(dirname(file), near)}"? ${looked}` : looked;
}
