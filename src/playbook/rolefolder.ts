import { basename, join } from "node:path";
import { refuse } from "../kernel/diagnostic.ts";
import { expectList, expectMap, expectVariables } from "../kernel/expect.ts";
import type { MapNode, Node } from "../kernel/node.ts";
import type { Span } from "../kernel/span.ts";
import { short } from "./cycle.ts";
import { isFile, type ReadFile } from "./files.ts";
import type { Role, RoleOptions, TaskEntry } from "./model.ts";
import type { Reading, RoleFolder } from "./reading.ts";
import { readRoleOptions } from "./roleoptions.ts";

/** Reads defaults, vars and meta of a role; what is wrong is noted. */
export function readRoleFolder(name: string, dir: string, reading: Reading, via: readonly Span[]): RoleFolder {
  const read = (part: string, file = "main"): ReadFile | undefined =>
    reading.problems.attempt(() => reading.files.readFirst(mainFiles(dir, part, file)), via);
  const varsOf = (part: string): MapNode | undefined => {
    const node = read(part)?.node;
    return node && reading.problems.attempt(() => expectVariables(node, `${part}/main.yml`), via);
  };
  const handlers: TaskEntry[] = [];
  const defaults = varsOf("defaults");
  const vars = varsOf("vars");
  const options = optionsOf(name, read("meta", "options"), reading, via);
  const role: Role = { name, dir: short(dir), handlers, ...(defaults && { defaults }), ...(vars && { vars }), ...(options && { options }) };
  return { role, handlers, dependencies: reading.problems.attempt(() => dependenciesOf(read("meta")?.node), via) ?? [] };
}

function optionsOf(name: string, file: ReadFile | undefined, reading: Reading, via: readonly Span[]): RoleOptions | undefined {
  if (!file) return undefined;
  return reading.problems.attempt(() => {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      refuse(`the role "${name}" has options, so its name must be usable as a variable`, file.at, `name it ${name.replace(/\W/g, "_")}`);
    }
    return readRoleOptions(file, reading.problems, via);
  }, via);
}

function dependenciesOf(meta: Node | undefined): readonly Node[] {
  if (!meta) return [];
  const map = expectMap(meta, "meta/main.yml", "write dependencies: [other_role]");
  const found = map.entries.find((e) => e.key.text === "dependencies")?.value;
  if (!found || (found.kind === "scalar" && found.value === null)) return [];
  return expectList(found, "dependencies", "write dependencies: [other_role]").items;
}

/** The file of this name in a part of a role, with either ending. */
export function mainFiles(dir: string, part: string, name = "main"): readonly string[] {
  const path = join(dir, part, name);
  return /\.ya?ml$/.test(name) ? [path] : [`${path}.yml`, `${path}.yaml`];
}

/** The task file of a role, or undefined when the role has no tasks at all. Throws Refused when a named one is missing. */
export function tasksOf(dir: string, from: { readonly name: string; readonly at: Span } | undefined): string | undefined {
  const places = mainFiles(dir, "tasks", from?.name);
  const found = places.find(isFile);
  if (found === undefined && from)
    refuse(`the role "${basename(dir)}" has no tasks/${from.name}`, from.at, `looked for ${places.map(short).join(", ")}`);
  return found;
}
