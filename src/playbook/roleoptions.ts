import { nearest, refuse } from "../kernel/diagnostic.ts";
import { expectBoolean, expectMap, expectText } from "../kernel/expect.ts";
import { entry, type MapNode, type Node } from "../kernel/node.ts";
import type { Problems } from "../kernel/problems.ts";
import type { Span } from "../kernel/span.ts";
import type { ReadFile } from "./files.ts";
import type { Option, RoleOptions } from "./model.ts";
import { choiceList, patternOf, sizeOf, typeOf } from "./optionfacets.ts";

const fileKeys = ["summary", "options"];
const optionKeys = [
  "type",
  "description",
  "required",
  "default",
  "choices",
  "secret",
  "of",
  "fields",
  "min",
  "max",
  "pattern",
  "pattern_help",
];

/** Reads meta/options.yml strictly: a slip in it is an error of the role, with its place. */
export function readRoleOptions(file: ReadFile, problems: Problems, via: readonly Span[]): RoleOptions {
  const form = "write summary: ... and options: { name: { type: string, description: ... } }";
  if (!file.node) return refuse("meta/options.yml is empty", file.at, form);
  const map = expectMap(file.node, "meta/options.yml", form);
  problems.attempt(() => refuseUnknown(map, fileKeys, "meta/options.yml"), via);
  const summary = problems.attempt(() => expectText(required(map, "summary", "meta/options.yml"), "summary").text, via) ?? "";
  const options = problems.attempt(() => required(map, "options", "meta/options.yml"), via);
  const fields = options ? (problems.attempt(() => readFields(options, "options", problems, via), via) ?? {}) : {};
  return { summary, fields, at: map.at };
}

function readFields(node: Node, what: string, problems: Problems, via: readonly Span[]): Readonly<Record<string, Option>> {
  const fields: [string, Option][] = [];
  for (const { key, value } of expectMap(node, what, "write name: { type: string, description: ... }").entries) {
    const option = problems.attempt(() => {
      if (!/^[A-Za-z_]\w*$/.test(key.text)) refuse(`"${key.text}" cannot be the name of an option`, key.at, 'use letters, digits and "_"');
      return readOption(value, key.text, key.at, true, problems, via);
    }, via);
    if (option) fields.push([key.text, option]);
  }
  return Object.fromEntries(fields);
}

function readOption(node: Node, name: string, at: Span, described: boolean, problems: Problems, via: readonly Span[]): Option {
  const what = `the option "${name}"`;
  if (node.kind === "scalar" && !described) return { type: typeOf(node), description: "", required: false, secret: false, at };
  const map = expectMap(node, what, "write { type: string, description: ... }");
  refuseUnknown(map, optionKeys, what);
  const take = <T>(key: string, read: (n: Node) => T): T | undefined => {
    const found = entry(map, key);
    return found && problems.attempt(() => read(found.value), via);
  };
  const type = typeOf(required(map, "type", what));
  if (described) problems.attempt(() => required(map, "description", what), via);
  const option: Option = {
    type,
    description: take("description", (n) => expectText(n, "description").text) ?? "",
    required: take("required", (n) => expectBoolean(n, "required")) ?? false,
    secret: take("secret", (n) => expectBoolean(n, "secret")) ?? false,
    at,
    ...defined("default", entry(map, "default")?.value),
    ...defined("choices", take("choices", choiceList)),
    ...defined(
      "of",
      take("of", (n) => readOption(n, `${name}[]`, n.at, false, problems, via)),
    ),
    ...defined(
      "fields",
      take("fields", (n) => readFields(n, `fields of ${what}`, problems, via)),
    ),
    ...defined(
      "min",
      take("min", (n) => sizeOf(n, "min")),
    ),
    ...defined(
      "max",
      take("max", (n) => sizeOf(n, "max")),
    ),
    ...defined("pattern", take("pattern", patternOf)),
    ...defined(
      "patternHelp",
      take("pattern_help", (n) => expectText(n, "pattern_help").text),
    ),
  };
  refuseNonsense(map, option, what);
  return option;
}

/** Facets that say nothing about this type. */
function refuseNonsense(map: MapNode, option: Option, what: string): void {
  const { type } = option;
  const fits: Readonly<Record<string, boolean>> = {
    of: type === "list" || type === "map",
    fields: type === "object",
    pattern: type === "string",
    secret: ["string", "integer", "number"].includes(type),
    choices: ["string", "integer", "number"].includes(type),
    min: !["boolean", "object"].includes(type),
    max: !["boolean", "object"].includes(type),
  };
  for (const { key } of map.entries)
    if (fits[key.text] === false) refuse(`${what} is of type ${type}, so "${key.text}" says nothing`, key.at, "remove it");
  if (type === "object" && !option.fields)
    refuse(`${what} is an object without fields`, map.at, "add fields: { name: { type: string, description: ... } }");
  if ((type === "list" || type === "map") && !option.of) refuse(`${what} does not say what it holds`, map.at, "add of: string");
  const both = entry(map, "default");
  if (option.required && both) refuse(`${what} is required, so its default is never used`, both.key.at, "remove one of the two");
  if (option.min !== undefined && option.max !== undefined && option.min > option.max) refuse(`min of ${what} is above its max`, map.at);
}

function refuseUnknown(map: MapNode, known: readonly string[], what: string): void {
  for (const { key } of map.entries) {
    if (known.includes(key.text)) continue;
    const near = nearest(key.text, known);
    refuse(`${what} has no "${key.text}"`, key.at, near ? `did you mean "${near}"?` : `it takes ${known.join(", ")}`);
  }
}

function required(map: MapNode, key: string, what: string): Node {
  return entry(map, key)?.value ?? refuse(`${what} needs "${key}"`, map.at);
}

function defined<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });
}
