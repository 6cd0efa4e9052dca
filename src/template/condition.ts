import { refuse } from "../kernel/diagnostic.ts";
import type { Node, ScalarNode } from "../kernel/node.ts";
import type { Unknown } from "../kernel/value.ts";
import { CelEvaluation } from "./cel/evaluate.ts";
import { parseCel } from "./cel/parse.ts";
import { checkUnread } from "./cel/value.ts";
import type { Scope } from "./scope.ts";

/** Whether a condition holds; a list means all of them. Unknown where only a later task can tell. Throws Refused. */
export function condition(node: Node, scope: Scope): boolean | Unknown {
  if (node.kind === "map") return refuse("a condition is a text or a list of texts", node.at, 'write when: name == "value"');
  const asked = new Set<string>();
  let unknown: Unknown | undefined;
  for (const item of node.kind === "seq" ? node.items : [node]) {
    const holds = item.kind === "scalar" ? one(item, scope, asked) : condition(item, scope);
    if (holds === false) return false;
    if (holds !== true) unknown ??= holds;
  }
  return unknown ?? true;
}

/** `asked`: names that a condition before it in the list asked for by `defined`. */
function one(node: ScalarNode, scope: Scope, asked: Set<string>): boolean | Unknown {
  if (typeof node.value === "boolean") return node.value;
  if (node.tag === "!raw") refuse("!raw has no meaning for a condition", node.at, "remove it");
  if (node.value === null) refuse("the condition is empty", node.at, "write a condition, or remove the line");
  const cel = parseCel(node);
  const run = new CelEvaluation(cel, scope);
  const holds = run.holds(cel.ast, new Map());
  for (const name of cel.names.askedFor) asked.add(name);
  checkUnread(cel, run, asked);
  return holds;
}
