import { resolve } from "node:path";
import { refuseCycle } from "./cycle.ts";
import { isFile } from "./files.ts";
import { findRole } from "./findrole.ts";
import { through } from "./inherit.ts";
import type { Entry, Inherited, TaskEntry } from "./model.ts";
import type { Reading, RoleRequest, UsedRole } from "./reading.ts";
import { mainFiles, readRoleFolder, tasksOf } from "./rolefolder.ts";
import { readRoleUse } from "./roleuse.ts";

/** Expands a role at the place of its use: the roles that it depends on, then its tasks. Throws Refused when there is no such role. */
export function useRole(use: RoleRequest, reading: Reading): UsedRole {
  const dir = findRole(use.name, use.at, reading.playbookDir, use.inherited.role);
  const known = reading.roles.get(dir);
  if (known && use.once !== undefined && reading.ran.has(use.once)) return { role: known, entries: [] };
  if (use.once !== undefined) reading.ran.add(use.once);
  const via = [...use.inherited.via, use.at];
  const folder = reading.folders.get(dir) ?? readRoleFolder(dir.slice(dir.lastIndexOf("/") + 1), dir, reading, via);
  reading.folders.set(dir, folder);
  const inherited: Inherited = { ...through(use.inherited, use.at), role: folder.role };
  const before = folder.dependencies.flatMap((node) => dependency(node, inherited, reading));
  if (!reading.roles.has(dir)) {
    reading.roles.set(dir, folder.role);
    folder.handlers.push(...handlersOf(dir, inherited, reading));
  }
  return { role: folder.role, entries: [...before, ...tasks(dir, use, inherited, reading)] };
}

function dependency(node: Parameters<typeof readRoleUse>[0], inherited: Inherited, reading: Reading): readonly Entry[] {
  return (
    reading.problems.attempt(() => {
      const use = readRoleUse(node, inherited, reading.problems);
      refuseCycle(resolve(use.at.source.path), inherited.via, use.at);
      return reading.useRole(use).entries;
    }, inherited.via) ?? []
  );
}

function tasks(dir: string, use: RoleRequest, inherited: Inherited, reading: Reading): readonly Entry[] {
  const path = tasksOf(dir, use.tasksFrom);
  if (path === undefined) return [];
  refuseCycle(path, inherited.via, use.at);
  const { node } = reading.files.read(path);
  return node ? reading.entries(node, inherited, "task") : [];
}

/** A handler runs when a task that ran notified it, so the condition of the role's use is not asked again. */
function handlersOf(dir: string, inherited: Inherited, reading: Reading): readonly TaskEntry[] {
  const path = mainFiles(dir, "handlers").find(isFile);
  const node = path === undefined ? undefined : reading.problems.attempt(() => reading.files.read(path).node, inherited.via);
  return node ? reading.handlers(node, { ...inherited, when: [] }) : [];
}
