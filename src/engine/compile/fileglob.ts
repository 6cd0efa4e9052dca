import { globSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve as resolvePath } from "node:path";
import { noteText } from "../../kernel/inputs.ts";
import type { Value } from "../../kernel/value.ts";
import { searchPaths } from "./localfile.ts";
import type { Variables } from "./scope.ts";

/** The files of the controller that match, as absolute paths in the order of their names; patterns stand in the last part of a path only. */
export function filesMatching(patterns: readonly Value[], variables: Variables): readonly string[] {
  const role = variables.get("role_path");
  const places = searchPaths("files", typeof role === "string" ? role : undefined, String(variables.get("playbook_dir") ?? "."));
  return patterns.flatMap((pattern) => {
    const text = String(pattern);
    const folders = isAbsolute(text) ? [dirname(text)] : places.map((place) => resolvePath(place, dirname(text)));
    const found = folders.map((folder) => filesIn(folder, basename(text))).find((files) => files.length > 0) ?? [];
    noteText(`files ${text}`, found.join("\n"), false);
    return found;
  });
}

function filesIn(folder: string, pattern: string): string[] {
  const names = globSync(pattern, { cwd: folder }).filter((name) => pattern.startsWith(".") || !name.startsWith("."));
  const paths = names.sort().map((name) => join(folder, name));
  return paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
