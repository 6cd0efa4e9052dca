import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Diagnostic, nearest } from "../kernel/diagnostic.ts";
import type { VaultKeys } from "./keys.ts";
import type { VarLayer } from "./model.ts";
import { shownPath } from "./sourcefile.ts";
import { loadVars } from "./vars.ts";

/** The variables of group_vars/ or host_vars/ of one folder, by group or host. */
export interface VarFiles {
  readonly byName: ReadonlyMap<string, readonly VarLayer[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `group_vars/NAME.yml`, `group_vars/NAME/*.yml` and their encrypted forms for every known name; other files are left alone. */
export async function readVarFiles(folder: string, kind: "group" | "host", known: ReadonlySet<string>, keys: VaultKeys): Promise<VarFiles> {
  const dir = join(folder, `${kind}_vars`);
  const byName = new Map<string, VarLayer[]>();
  const diagnostics: Diagnostic[] = [];
  for (const entry of list(dir)) {
    const name = nameOf(entry, dir);
    if (!known.has(name)) {
      const near = nearest(name, known);
      if (near)
        diagnostics.push({
          severity: "warning",
          message: `${shownPath(join(dir, entry))} belongs to no ${kind}`,
          help: `did you mean ${kind}_vars/${near}?`,
        });
      continue;
    }
    for (const path of filesAt(join(dir, entry), diagnostics)) {
      const { vars, diagnostics: found } = await loadVars(path, dir, keys);
      diagnostics.push(...found);
      if (vars) byName.set(name, [...(byName.get(name) ?? []), { origin: shownPath(path), vars }]);
    }
  }
  return { byName, diagnostics };
}

/** Names in order, a file before the folder of the same name; hidden files and editors' copies are left out. */
function list(dir: string): string[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return [];
  const names = readdirSync(dir).filter((f) => !f.startsWith(".") && !/(~|\.bak|\.orig|\.swp|\.md)$/.test(f));
  const rank = (name: string): number => (isFolder(join(dir, name)) ? 1 : 0);
  return names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function filesAt(path: string, diagnostics: Diagnostic[]): string[] {
  if (isFolder(path)) return list(path).flatMap((name) => filesAt(join(path, name), diagnostics));
  if (!path.endsWith(".json")) return [path];
  diagnostics.push({ severity: "warning", message: `${shownPath(path)} is not read`, help: "files of variables are YAML: name it .yml" });
  return [];
}

function nameOf(file: string, dir: string): string {
  if (isFolder(join(dir, file))) return file;
  return basename(file)
    .replace(/\.age$/, "")
    .replace(/\.(ya?ml|json)$/, "")
    .replace(/\.age$/, "");
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
