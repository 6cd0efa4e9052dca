import { nearest, refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectList, expectText } from "../kernel/expect.ts";
import type { Node } from "../kernel/node.ts";
import type { Option } from "./model.ts";

const types = ["string", "integer", "number", "boolean", "list", "map", "object"] as const;
const otherNames: Readonly<Record<string, Option["type"]>> = {
  str: "string",
  int: "integer",
  float: "number",
  bool: "boolean",
  dict: "object",
  array: "list",
  path: "string",
};

/** The type of an option; the names of Ansible's argument specs are answered with ours. */
export function typeOf(node: Node): Option["type"] {
  const { text, at } = expectText(node, "type");
  const type = types.find((t) => t === text);
  if (type) return type;
  const near = otherNames[text] ?? nearest(text, types);
  return refuse(`there is no type "${text}"`, at, near ? `did you mean "${near}"?` : `the types are ${types.join(", ")}`);
}

/** The values that an option may have. */
export function choiceList(node: Node): readonly (string | number)[] {
  return expectList(node, "choices").items.map((n) => {
    if (n.kind === "scalar" && (typeof n.value === "string" || typeof n.value === "number")) return n.value;
    return refuse(`every choice must be a text or a number, this is ${describeNode(n)}`, n.at);
  });
}

/** A bound of a number, or of the length of a text, list or map. */
export function sizeOf(node: Node, what: string): number {
  return node.kind === "scalar" && typeof node.value === "number"
    ? node.value
    : refuse(`${what} must be a number, this is ${describeNode(node)}`, node.at);
}

/** A regular expression that can be compiled. */
export function patternOf(node: Node): string {
  const { text, at } = expectText(node, "pattern");
  try {
    new RegExp(text, "u");
    return text;
  } catch (error) {
    return refuse(`the pattern cannot be read: ${error instanceof Error ? error.message : ""}`, at);
  }
}
