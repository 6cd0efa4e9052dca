import { refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectBoolean, expectList, expectVariables } from "../kernel/expect.ts";
import type { MapNode, Node, ScalarNode } from "../kernel/node.ts";
import type { Span } from "../kernel/span.ts";
import { readCourse } from "./course.ts";
import { Fields } from "./fields.ts";
import { inherit } from "./inherit.ts";
import type { Entry, Inherited, Play, TaskEntry } from "./model.ts";
import type { Reading } from "./reading.ts";
import { readRoleUse } from "./roleuse.ts";
import { textList, textNode } from "./values.ts";

/** One play of a playbook; what is wrong is noted. */
export function readPlay(map: MapNode, outer: Inherited, reading: Reading): Play | undefined {
  const fields = new Fields(map, "play", reading.problems, outer.via);
  fields.refuseStrangers();
  const hosts = fields.has("hosts") ? fields.take("hosts", hostsNode) : undefined;
  if (!fields.has("hosts")) fields.error("a play needs hosts", map.at, playHelp(map));
  const name = fields.take("name", (n) => textNode(n, "name"))?.text;
  const gatherFacts = fields.take("gather_facts", (n) => expectBoolean(n, "gather_facts")) ?? true;
  const vars = fields.take("vars", (n) => expectVariables(n, "vars"));
  const varsFiles = fields.take("vars_files", (n) => textList(n, "vars_files")) ?? [];
  const course = readCourse(fields);
  const inherited = inherit(outer, fields, { vars: false });
  const part = (name: "pre_tasks" | "tasks" | "post_tasks"): readonly Entry[] => {
    const node = fields.node(name);
    return node ? reading.entries(node, inherited, "task") : [];
  };
  const before = part("pre_tasks");
  const roles = (fields.take("roles", roleList) ?? []).flatMap((node) => oneRole(node, inherited, reading));
  const middle = [...roles, ...part("tasks")];
  const after = part("post_tasks");
  const handlers = fields.node("handlers");
  // What is notified in one part runs at its end; at the end of the play the engine sees to it.
  const entries = [
    ...before,
    ...(before.length > 0 ? [flush(map.at, inherited)] : []),
    ...middle,
    ...(after.length > 0 ? [flush(map.at, inherited), ...after] : []),
  ];
  const own = handlers ? reading.handlers(handlers, inherited) : [];
  if (!hosts) return undefined;
  return {
    name: name ?? nameOf(hosts),
    at: map.at,
    hosts,
    gatherFacts,
    ...(vars && { vars }),
    varsFiles,
    ...course,
    entries,
    handlers: own,
    roles: [...reading.roles.values()],
    inherited,
  };
}

function oneRole(node: Node, inherited: Inherited, reading: Reading): readonly Entry[] {
  return reading.problems.attempt(() => reading.useRole(readRoleUse(node, inherited, reading.problems)).entries, inherited.via) ?? [];
}

function flush(at: Span, inherited: Inherited): TaskEntry {
  const what: ScalarNode = { kind: "scalar", value: "flush_handlers", text: "flush_handlers", quoted: false, at };
  return {
    kind: "task",
    name: "flush_handlers",
    at,
    inherited,
    module: "meta",
    moduleAt: at,
    args: what,
    notify: [],
    listen: [],
    implied: true,
  };
}

function roleList(node: Node): readonly Node[] {
  if (node.kind === "scalar" && node.value === null) return [];
  return expectList(node, "roles", node.kind === "scalar" ? `write roles: [${node.text}]` : 'begin every role with "- "').items;
}

function hostsNode(node: Node): Node {
  if (node.kind === "map")
    return refuse(`hosts must be a pattern or a list of patterns, this is ${describeNode(node)}`, node.at, "write hosts: all");
  const patterns = textList(node, "hosts");
  if (patterns.length === 0) refuse("hosts is empty", node.at, "write hosts: all, or the name of a group or host");
  return node;
}

function nameOf(hosts: Node): string {
  return textList(hosts, "hosts")
    .map((n) => n.text)
    .join(",");
}

function playHelp(map: MapNode): string {
  const playish = map.entries.some((e) => ["tasks", "roles", "handlers", "pre_tasks", "post_tasks"].includes(e.key.text));
  return playish
    ? "add hosts: all, or the name of a group or host"
    : 'these look like tasks: a playbook is a list of plays, each with "hosts:" and "tasks:"';
}
