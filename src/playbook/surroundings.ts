import { refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectMap } from "../kernel/expect.ts";
import type { MapNode, Node } from "../kernel/node.ts";
import { isExpression } from "./values.ts";

/** A map of environment variables, a list of such maps, or an expression that gives one of them. */
export function environmentNode(node: Node): Node {
  if (node.kind === "map" || isExpression(node)) return node;
  if (node.kind === "seq") {
    for (const item of node.items) environmentNode(item);
    return node;
  }
  return refuse(`environment must be a map, this is ${describeNode(node)}`, node.at, "write environment: { NAME: value }");
}

/** Arguments by the name of a module. */
export function moduleDefaultsNode(node: Node): MapNode {
  const map = expectMap(node, "module_defaults", "write module_defaults: { file: { owner: root } }");
  for (const { key, value } of map.entries) {
    if (key.text.startsWith("group/"))
      refuse(`module_defaults knows no groups of modules, such as "${key.text}"`, key.at, "name each module");
    expectMap(value, `module_defaults of ${key.text}`, `write ${key.text}: { argument: value }`);
  }
  return map;
}
