import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./usage.ts";

/**
 * The files of the inventory: those of `-i`, else of REMPART_INVENTORY (separated by colons), else the one file of the
 * folder inventory/. A folder that was named stands for all YAML files in it.
 */
export function inventoryFiles(given: readonly string[]): string[] {
  const fromEnvironment = (process.env.REMPART_INVENTORY ?? "").split(":").filter((p) => p !== "");
  const named = given.length > 0 ? given : fromEnvironment;
  if (named.length > 0) return named.flatMap(expand);
  const found = yamlFiles("inventory");
  const [only] = found;
  if (only !== undefined && found.length === 1) return [only];
  if (only === undefined)
    throw new UsageError(
      "no inventory: there is no folder inventory/ with a .yml file here",
      "name one: -i FILE, or set REMPART_INVENTORY",
    );
  throw new UsageError(
    `several inventories: ${found.join(", ")}`,
    `choose one: -i ${only} (or -i inventory for all of them together, or set REMPART_INVENTORY)`,
  );
}

function expand(path: string): string[] {
  if (!isFolder(path)) return [path];
  const files = yamlFiles(path);
  if (files.length === 0) throw new UsageError(`the inventory folder ${path} has no .yml file`);
  return files;
}

function yamlFiles(folder: string): string[] {
  if (!isFolder(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((f) => f.isFile() && /\.ya?ml(\.age)?$/.test(f.name))
    .map((f) => join(folder, f.name))
    .sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
