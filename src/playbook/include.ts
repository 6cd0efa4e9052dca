import { nearest, refuse } from "../kernel/diagnostic.ts";
import { expectMap, expectText, expectVariables } from "../kernel/expect.ts";
import type { MapEntry, MapNode, Node, ScalarNode } from "../kernel/node.ts";
import { Fields } from "./fields.ts";
import { inherit, leaveForRole } from "./inherit.ts";
import { plainName } from "./keywords.ts";
import { readLoop } from "./loop.ts";
import type { Entry, IncludeRoleEntry, IncludeTasksEntry, Inherited, Loop } from "./model.ts";
import type { EntryKind, Reading } from "./reading.ts";
import { refuseExpression } from "./task.ts";
import { readTasksFile } from "./tasksfile.ts";
import { textNode } from "./values.ts";

export const includeKinds = ["import_tasks", "include_tasks", "import_role", "include_role"] as const;
type IncludeKind = (typeof includeKinds)[number];

export function isIncludeKind(name: string): name is IncludeKind {
  return (includeKinds as readonly string[]).includes(name);
}

/** An import is read and put in its place; an include stays an entry, to be expanded when its turn comes. */
export function readInclude(map: MapNode, key: MapEntry, outer: Inherited, kind: EntryKind, reading: Reading): readonly Entry[] {
  const include = plainName(key.key.text) as IncludeKind;
  const fields = new Fields(map, "include", reading.problems, outer.via);
  for (const stranger of fields.strangers()) if (stranger !== key) fields.unknown(stranger);
  if (kind === "handler" && include !== "import_tasks")
    refuse(`${include} among handlers does not work yet`, key.key.at, "write import_tasks");
  const dynamic = include === "include_tasks" || include === "include_role";
  const loop = readLoop(fields);
  if (loop && !dynamic)
    fields.error(`${include} cannot loop: it is read before anything runs`, loop.over.at, `write ${include.replace("import", "include")}`);
  const name = fields.take("name", (n) => textNode(n, "name"))?.text;
  const named = { name: name ?? include, at: map.at, ...(loop && { loop }) };
  return include === "import_tasks" || include === "include_tasks"
    ? taskFile(include, key.value, fields, outer, named, kind, reading)
    : roleTasks(include, key.value, fields, outer, named, reading);
}

interface Named {
  readonly name: string;
  readonly at: IncludeTasksEntry["at"];
  readonly loop?: Loop;
}

function taskFile(
  include: IncludeKind,
  value: Node,
  fields: Fields,
  outer: Inherited,
  named: Named,
  kind: EntryKind,
  reading: Reading,
): readonly Entry[] {
  const given = argumentsOf(value, include, "file", ["file", "apply"], {});
  const file = given.get("file");
  const scalar = expectText(file ?? value, `the file of ${include}`, `write ${include}: name.yml`);
  const inherited = inherit(outer, fields);
  if (include === "include_tasks") {
    return [
      { kind: "include_tasks", ...named, inherited, file: scalar, handsDown: handedDown(inherited, outer, fields, given.get("apply")) },
    ];
  }
  refuseExpression(scalar, "the file of import_tasks", "write include_tasks, which is read when its turn comes");
  return readTasksFile(scalar.text, inherited, scalar.at, kind, reading);
}

const laterRoleArguments: Readonly<Record<string, string>> = {
  public: "its handlers are known to the whole play anyhow; give variables with vars, where they are needed",
  defaults_from: "defaults come from defaults/main.yml",
  vars_from: "variables come from vars/main.yml",
  handlers_from: "handlers come from handlers/main.yml",
  allow_duplicates: "an included role always runs; remove it",
  rolespec_validate: "options are always checked, by meta/options.yml; remove it",
};

function roleTasks(include: IncludeKind, value: Node, fields: Fields, outer: Inherited, named: Named, reading: Reading): readonly Entry[] {
  const given = argumentsOf(value, include, "name", ["name", "role", "tasks_from", "apply"], laterRoleArguments);
  const role = expectText(given.get("name") ?? given.get("role") ?? value, `the role of ${include}`, `write ${include}: { name: nginx }`);
  const fromNode = given.get("tasks_from");
  const tasksFrom = fromNode && expectText(fromNode, "tasks_from");
  const params = fields.take("vars", (n) => expectVariables(n, "vars"));
  const withoutVars = inherit(outer, fields, { vars: false });
  if (include === "include_role") {
    const handsDown = leaveForRole(handedDown(withoutVars, outer, fields, given.get("apply")), params);
    const entry: IncludeRoleEntry = {
      kind: "include_role",
      ...named,
      inherited: inherit(outer, fields),
      role,
      handsDown,
      ...(tasksFrom && { tasksFrom }),
    };
    return [entry];
  }
  const way = "write include_role, which is read when its turn comes";
  refuseExpression(role, "the role of import_role", way);
  const from = tasksFrom && refuseExpression(tasksFrom, "tasks_from of import_role", way);
  const inherited = leaveForRole(withoutVars, params);
  return reading.useRole({ name: role.text, at: role.at, inherited, ...(from && { tasksFrom: { name: from.text, at: from.at } }) }).entries;
}

/** The condition of a dynamic include decides about the include alone; everything else goes down to what it brings in. */
function handedDown(own: Inherited, outer: Inherited, fields: Fields, apply: Node | undefined): Inherited {
  const base: Inherited = { ...own, when: outer.when };
  if (!apply) return base;
  const map = expectMap(apply, "apply", "write apply: { tags: [web] }");
  const applied = new Fields(map, "block", fields.problems, fields.via);
  applied.refuseStrangers();
  return inherit(base, applied);
}

/** The arguments of an include: a map, or its one main argument as text. */
function argumentsOf(
  value: Node,
  include: string,
  main: string,
  known: readonly string[],
  later: Readonly<Record<string, string>>,
): ReadonlyMap<string, Node> {
  if (value.kind === "scalar") return new Map<string, ScalarNode>([[main, value]]);
  const map = expectMap(value, include);
  for (const { key } of map.entries) {
    if (known.includes(key.text)) continue;
    const instead = later[key.text];
    if (instead !== undefined) refuse(`${include} has no "${key.text}"`, key.at, instead);
    const near = nearest(key.text, known);
    refuse(`${include} has no argument "${key.text}"`, key.at, near ? `did you mean "${near}"?` : `it takes ${known.join(", ")}`);
  }
  return new Map(map.entries.map((e) => [e.key.text, e.value]));
}
