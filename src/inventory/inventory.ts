import { resolve } from "node:path";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { Problems } from "../kernel/problems.ts";
import type { Span } from "../kernel/span.ts";
import { Draft } from "./draft.ts";
import { familyOf } from "./family.ts";
import { inventoryFiles } from "./files.ts";
import { readGroups } from "./groups.ts";
import { foreignInventory } from "./ini.ts";
import type { VaultKeys } from "./keys.ts";
import { layersOf, layersOfAll } from "./layers.ts";
import { implicitLocalhost, isLocalhost } from "./localhost.ts";
import type { Group, Host, Inventory, Selection } from "./model.ts";
import { matchPattern } from "./pattern.ts";
import { readYaml } from "./sourcefile.ts";
import { readVarFiles, type VarFiles } from "./varfiles.ts";

/** Where to look beside the inventory files, and what opens encrypted ones. */
export interface InventoryOptions extends VaultKeys {
  /** Folder of the playbook: its group_vars/ and host_vars/ come above those beside the inventory. */
  readonly playbookDir?: string;
}

/** An inventory, or everything that is wrong with it. */
export interface LoadedInventory {
  readonly inventory?: Inventory;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads YAML inventories, several laid over each other, with the variable files beside them and beside the playbook. */
export async function loadInventory(paths: readonly string[], options: InventoryOptions = {}): Promise<LoadedInventory> {
  const problems = new Problems();
  const { files, folders, diagnostics } = inventoryFiles(paths);
  problems.add(diagnostics);
  const draft = new Draft();
  const top: Span = { source: { path: "(inventory)", text: "" }, start: 0, end: 0 };
  draft.group("all", top);
  draft.group("ungrouped", top);
  for (const file of files) await readFile(file, draft, problems, options);
  const family = familyOf(draft, problems);
  const varFiles = await readAllVarFiles(
    draft,
    [...folders, ...(options.playbookDir === undefined ? [] : [options.playbookDir])],
    options,
    problems,
  );
  if (problems.fatal) return { diagnostics: problems.diagnostics };
  const groups = new Map<string, Group>();
  for (const { name, children } of draft.groups.values()) {
    const members = family.hostsOf(name);
    groups.set(name, { name, hosts: [...draft.hosts.keys()].filter((h) => members.has(h)), children: [...children.keys()] });
  }
  const hosts = new Map<string, Host>();
  for (const host of draft.hosts.values()) {
    const own = family.groupsOf(host.name);
    const names = own
      .map((g) => g.name)
      .filter((g) => g !== "all")
      .sort();
    hosts.set(host.name, { name: host.name, groups: names, layers: layersOf(host, own, varFiles), at: host.at });
  }
  const local = (name: string): Host => implicitLocalhost(name, layersOfAll(name, draft, varFiles));
  const inventory: Inventory = { hosts, groups, select: (pattern, at) => select(pattern, at, hosts, groups, local) };
  return { inventory, diagnostics: problems.diagnostics };
}

async function readFile(file: string, draft: Draft, problems: Problems, keys: VaultKeys): Promise<void> {
  const { node, diagnostics } = await readYaml(file, keys, foreignInventory);
  problems.add(diagnostics);
  if (node) readGroups(node, draft, problems);
}

/** Of each folder once, in the order of precedence. */
async function readAllVarFiles(
  draft: Draft,
  folders: readonly string[],
  keys: VaultKeys,
  problems: Problems,
): Promise<{ readonly group: readonly VarFiles[]; readonly host: readonly VarFiles[] }> {
  const group: VarFiles[] = [];
  const host: VarFiles[] = [];
  const hosts = new Set([...draft.hosts.keys(), "localhost"]);
  for (const folder of new Set(folders.map((f) => resolve(f)))) {
    group.push(await readVarFiles(folder, "group", new Set(draft.groups.keys()), keys));
    host.push(await readVarFiles(folder, "host", hosts, keys));
  }
  for (const files of [...group, ...host]) problems.add(files.diagnostics);
  return { group, host };
}

function select(
  pattern: string,
  at: Span | undefined,
  hosts: ReadonlyMap<string, Host>,
  groups: ReadonlyMap<string, Group>,
  local: (name: string) => Host,
): Selection {
  const implicit = (name: string): boolean => isLocalhost(name) && !hosts.has(name);
  const { names, diagnostics } = matchPattern(pattern, { hosts: [...hosts.keys()], groups, implicit }, at);
  const selected = [...hosts.values()].filter((h) => names.has(h.name));
  return { hosts: [...selected, ...[...names].filter(implicit).map(local)], diagnostics };
}
