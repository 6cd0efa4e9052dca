import { nearest, refuse } from "../kernel/diagnostic.ts";
import { describeNode } from "../kernel/expect.ts";
import type { MapNode, Node } from "../kernel/node.ts";
import { readBlock } from "./block.ts";
import { includeKinds, isIncludeKind, readInclude } from "./include.ts";
import { plainName } from "./keywords.ts";
import type { Entry, Inherited } from "./model.ts";
import type { EntryKind, Reading } from "./reading.ts";
import { readTask } from "./task.ts";

/** A list of tasks, blocks and includes; imports are put in their place. What is wrong is noted, the rest is read. */
export function readEntries(node: Node, inherited: Inherited, kind: EntryKind, reading: Reading): readonly Entry[] {
  if (node.kind === "scalar" && node.value === null) return [];
  const list = reading.problems.attempt(() => listOf(node, kind), inherited.via);
  return (list ?? []).flatMap((item) => reading.problems.attempt(() => readEntry(item, inherited, kind, reading), inherited.via) ?? []);
}

function listOf(node: Node, kind: EntryKind): readonly Node[] {
  if (node.kind === "seq") return node.items;
  return refuse(
    `${kind}s must be a list, this is ${describeNode(node)}`,
    node.at,
    node.kind === "map" ? 'begin every one with "- "' : undefined,
  );
}

function readEntry(node: Node, inherited: Inherited, kind: EntryKind, reading: Reading): readonly Entry[] {
  const map = taskMap(node, kind);
  const keys = map.entries.map((e) => plainName(e.key.text));
  if (keys.some((k) => k === "block" || k === "rescue" || k === "always")) {
    if (kind === "handler")
      refuse("a block among handlers does not work yet", map.at, "make each of its tasks a handler with the same listen");
    return [readBlock(map, inherited, reading)];
  }
  const include = map.entries.find((e) => isIncludeKind(plainName(e.key.text)));
  if (include) return readInclude(map, include, inherited, kind, reading);
  if (keys.includes("include")) refuse('"include" was removed from Ansible, too', map.at, "write import_tasks or include_tasks");
  if (keys.includes("import_playbook")) refuse("import_playbook stands among the plays, not among tasks", map.at);
  const slip = map.entries.find((e) => /^(include|import)/.test(plainName(e.key.text)));
  if (slip)
    refuse(
      `"${slip.key.text}" is not known`,
      slip.key.at,
      `did you mean "${nearest(plainName(slip.key.text), includeKinds) ?? "include_tasks"}"?`,
    );
  return [readTask(map, inherited, kind, reading)];
}

function taskMap(node: Node, kind: EntryKind): MapNode {
  if (node.kind === "map") return node;
  const help =
    node.kind === "scalar" && typeof node.value === "string" ? `write it as "module: arguments": ${example(node.value)}` : undefined;
  return refuse(`a ${kind} must be a map, this is ${describeNode(node)}`, node.at, help);
}

function example(text: string): string {
  const [module = "", ...rest] = text.split(/\s+/);
  return rest.length > 0 ? `${module}: ${rest.join(" ")}` : `${module}: { ... }`;
}
