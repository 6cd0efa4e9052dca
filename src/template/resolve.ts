import { refuse } from "../kernel/diagnostic.ts";
import type { MapNode, Node, ScalarNode } from "../kernel/node.ts";
import type { Value } from "../kernel/value.ts";
import { celValue } from "./cel/value.ts";
import type { Template } from "./handlebars/ast.ts";
import { Evaluation } from "./handlebars/evaluate.ts";
import { parseTemplate } from "./handlebars/parse.ts";
import { once } from "./once.ts";
import { placedScalar } from "./position.ts";
import type { Scope } from "./scope.ts";
import { taint } from "./taint.ts";

const templates = new WeakMap<ScalarNode, Template>();

/** The value of a node: `{{ }}` are evaluated, `!cel` is computed, `!raw` stays as it is. Throws Refused. */
export function resolve(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case "scalar": {
      const value = scalar(node, scope);
      return node.at.source.secret ? taint(value) : value;
    }
    case "seq":
      return node.items.map((item) => resolve(item, scope));
    case "map":
      return resolveMap(node, scope);
  }
}

function scalar(node: ScalarNode, scope: Scope): Value {
  if (node.tag === "!raw") return node.text;
  if (node.tag === "!cel") return celValue(node, scope);
  if (typeof node.value !== "string" || !/\{[{%#]/.test(node.value)) return node.value;
  const template = once(templates, node, () => parseTemplate(placedScalar(node)));
  return new Evaluation(template, scope).value();
}

function resolveMap(node: MapNode, scope: Scope): Value {
  const entries = node.entries.map(({ key, value }) => {
    if (key.text.includes("{{"))
      refuse("{{ }} is not evaluated in a key", key.at, "write the key out, or use a list of maps with the key as a value");
    return [key.text, resolve(value, scope)] as const;
  });
  return Object.fromEntries(entries);
}
