import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { shownPath } from "./sourcefile.ts";

/** The files of an inventory, and the folders where group_vars/ and host_vars/ are looked for beside them. */
export interface InventoryFiles {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

const leftOut = /^\.|~$|\.(bak|orig|swp|retry|md|cfg|pyc)$/;

/** A folder stands for all files in it, by name, without group_vars/ and host_vars/. */
export function inventoryFiles(paths: readonly string[]): InventoryFiles {
  const files: string[] = [];
  const folders = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) {
      const help = path.includes(",") ? "a list of host names is not taken: write them into a file" : "name the file with -i";
      diagnostics.push({ severity: "error", message: `there is no inventory ${shownPath(path)}`, help });
    } else if (stat.isDirectory()) {
      const inside = readdirSync(path, { withFileTypes: true }).filter((f) => !f.isDirectory() && !leftOut.test(f.name));
      files.push(...inside.map((f) => join(path, f.name)).sort());
      folders.add(path);
    } else {
      files.push(path);
      folders.add(dirname(path));
    }
  }
  return { files, folders: [...folders], diagnostics };
}
