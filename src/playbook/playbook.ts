import { dirname, resolve } from "node:path";
import { type Diagnostic, refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectText } from "../kernel/expect.ts";
import type { MapEntry, MapNode, Node } from "../kernel/node.ts";
import { Problems } from "../kernel/problems.ts";
import type { Span } from "../kernel/span.ts";
import { refuseCycle, short } from "./cycle.ts";
import { Fields } from "./fields.ts";
import { Files, isFile } from "./files.ts";
import { inherit, nothing, through } from "./inherit.ts";
import { plainName } from "./keywords.ts";
import type { Inherited, Play, Playbook } from "./model.ts";
import { readPlay } from "./play.ts";
import { finish, newReading } from "./reader.ts";
import { refuseExpression } from "./task.ts";

/** A playbook, or everything that is wrong with it. */
export interface LoadedPlaybook {
  readonly playbook?: Playbook;
  readonly diagnostics: readonly Diagnostic[];
}

interface Loading {
  readonly problems: Problems;
  readonly files: Files;
}

/** Reads a playbook with all that it imports: other playbooks, roles, task files. Nothing is evaluated. */
export function loadPlaybook(path: string): LoadedPlaybook {
  const loading = { problems: new Problems(), files: new Files() };
  const plays = loading.problems.attempt(() => readPlaybook(resolve(path), nothing, undefined, loading)) ?? [];
  return finish(loading, () => ({ playbook: { path, plays } }));
}

function readPlaybook(path: string, inherited: Inherited, at: Span | undefined, loading: Loading): readonly Play[] {
  const file = loading.files.read(path, at);
  if (!file.node) return refuse("the playbook is empty", file.at, 'write a list of plays, each with "hosts:" and "roles:" or "tasks:"');
  return listOf(file.node).flatMap((node) => loading.problems.attempt(() => readItem(node, path, inherited, loading), inherited.via) ?? []);
}

function listOf(node: Node): readonly Node[] {
  if (node.kind === "seq" && node.items.length > 0) return node.items;
  if (node.kind === "seq")
    return refuse("the playbook is empty", node.at, 'write a list of plays, each with "hosts:" and "roles:" or "tasks:"');
  const help =
    node.kind === "map" && node.entries.some((e) => e.key.text === "hosts")
      ? 'begin the play with "- "'
      : 'a play is "- hosts: all" with "tasks:" or "roles:"';
  return refuse(`a playbook must be a list of plays, this is ${describeNode(node)}`, node.at, help);
}

function readItem(node: Node, path: string, inherited: Inherited, loading: Loading): readonly Play[] {
  if (node.kind !== "map") return refuse(`a play must be a map, this is ${describeNode(node)}`, node.at, 'write "- hosts: all"');
  const imported = node.entries.find((e) => plainName(e.key.text) === "import_playbook");
  if (imported) return importPlaybook(node, imported, path, inherited, loading);
  const include = node.entries.find((e) => ["include", "include_playbook"].includes(plainName(e.key.text)));
  if (include) return refuse(`"${include.key.text}" does not stand among plays`, include.key.at, "write import_playbook");
  const play = readPlay(node, inherited, newReading(dirname(path), loading.problems, loading.files));
  return play ? [play] : [];
}

function importPlaybook(map: MapNode, key: MapEntry, path: string, outer: Inherited, loading: Loading): readonly Play[] {
  const fields = new Fields(map, "include", loading.problems, outer.via);
  for (const stranger of fields.strangers()) if (stranger !== key) fields.unknown(stranger);
  const file = refuseExpression(expectText(key.value, "import_playbook"), "import_playbook", "write the name of the file");
  const inherited = through(inherit(outer, fields), file.at);
  const target = resolve(dirname(path), file.text);
  refuseCycle(target, inherited.via, file.at);
  if (!isFile(target)) refuse(`there is no playbook "${file.text}"`, file.at, `looked for ${short(target)}`);
  return readPlaybook(target, inherited, file.at, loading);
}
