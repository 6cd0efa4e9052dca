import { nearest, refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectMap, expectVariables } from "../kernel/expect.ts";
import type { MapNode, Node, ScalarNode } from "../kernel/node.ts";
import type { Problems } from "../kernel/problems.ts";
import type { Draft, DraftGroup } from "./draft.ts";
import { expandRange } from "./range.ts";

const parts = ["hosts", "children", "vars"];

/** Reads the groups of one inventory file into the draft; what is wrong is noted. */
export function readGroups(node: Node, draft: Draft, problems: Problems): void {
  const map = problems.attempt(() => expectMap(node, "an inventory", "write all: { hosts: { NAME: { ansible_host: ADDRESS } } }"));
  if (!map) return;
  const plugin = map.entries.find((e) => e.key.text === "plugin" && e.value.kind === "scalar");
  if (plugin) {
    problems.attempt(() =>
      refuse("inventory plugins are not run", plugin.key.at, "write the hosts into a file: all: { hosts: { NAME: {} } }"),
    );
    return;
  }
  for (const { key, value } of map.entries) problems.attempt(() => readGroup(key, value, undefined, draft, problems));
}

function readGroup(key: ScalarNode, body: Node, parent: DraftGroup | undefined, draft: Draft, problems: Problems): void {
  const name = groupName(key);
  if (parent && name === "all") refuse('"all" holds every group, so it can be the child of none', key.at, "remove it");
  const group = draft.group(name, key.at);
  if (parent) {
    parent.children.set(name, key.at);
    group.parents.add(parent.name);
  }
  if (body.kind === "scalar" && body.value === null) return;
  const form = `write ${name}: { hosts: { NAME: {} } }`;
  for (const { key: part, value } of expectMap(body, `the group "${name}"`, form).entries)
    problems.attempt(() => readPart(part, value, group, draft, problems));
}

function readPart(part: ScalarNode, value: Node, group: DraftGroup, draft: Draft, problems: Problems): void {
  if (!parts.includes(part.text)) {
    const near = nearest(part.text, parts);
    const help = near
      ? `did you mean "${near}"?`
      : `a group has hosts, children and vars: a host stands under hosts, a group under children`;
    refuse(`the group "${group.name}" has no "${part.text}"`, part.at, help);
  }
  if (value.kind === "scalar" && value.value === null) return;
  if (part.text === "vars") return readVars(value, group);
  const map = expectMap(
    value,
    `${part.text} of the group "${group.name}"`,
    value.kind === "seq" ? `end every name with ":" instead of beginning it with "- "` : "write NAME: {}",
  );
  for (const e of map.entries) {
    problems.attempt(() =>
      part.text === "hosts" ? readHosts(e.key, e.value, group, draft) : readGroup(e.key, e.value, group, draft, problems),
    );
  }
}

function readVars(value: Node, group: DraftGroup): void {
  const vars = expectVariables(value, `vars of the group "${group.name}"`);
  if (!vars) return;
  group.vars.push({ origin: `${vars.at.source.path}: group ${group.name}`, vars });
  const priority = vars.entries.find((e) => e.key.text === "ansible_group_priority")?.value;
  if (!priority) return;
  if (priority.kind !== "scalar" || !Number.isInteger(Number(priority.value)) || priority.value === "") {
    return refuse(`ansible_group_priority must be a whole number, this is ${describeNode(priority)}`, priority.at);
  }
  group.priority = Number(priority.value);
}

function readHosts(key: ScalarNode, value: Node, group: DraftGroup, draft: Draft): void {
  const vars = hostVars(key, value);
  for (const name of expandRange(hostName(key), key.at)) {
    const host = draft.host(name, key.at);
    group.hosts.add(name);
    if (vars) host.vars.push({ origin: `${key.at.source.path}: host ${name}`, vars });
  }
}

function hostVars(key: ScalarNode, value: Node): MapNode | undefined {
  return expectVariables(value, `the host "${key.text}"`);
}

function groupName(key: ScalarNode): string {
  if (/^[\w][\w.-]*$/.test(key.text)) return key.text;
  return refuse(`"${key.text}" cannot be the name of a group`, key.at, 'use letters, digits, "_", "-" and "."');
}

function hostName(key: ScalarNode): string {
  if (/[\s=]/.test(key.text))
    return refuse(`"${key.text}" cannot be the name of a host`, key.at, "write variables as a map: NAME: { ansible_host: ADDRESS }");
  if (key.text === "" || /[!&,*?]/.test(key.text) || key.text.startsWith("~"))
    return refuse(`"${key.text}" cannot be the name of a host`, key.at, "the signs ! & , * ? ~ belong to patterns");
  const port = /^([^:[\]]+):(\d+)$/.exec(key.text);
  if (port) return refuse(`"${key.text}" cannot be the name of a host`, key.at, `write ${port[1]}: { ansible_port: ${port[2]} }`);
  return key.text;
}
