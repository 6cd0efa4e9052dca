import { refuse } from "./diagnostic.ts";
import type { MapNode, Node, ScalarNode, SeqNode } from "./node.ts";

/** What a node is, in words: `a list`, `the text "web"`, `nothing`. The words of a decrypted file are not repeated. */
export function describeNode(node: Node): string {
  if (node.kind === "map") return "a map";
  if (node.kind === "seq") return "a list";
  if (node.value === null) return "nothing";
  if (node.at.source.secret) return typeof node.value === "string" ? "a text" : `a ${typeof node.value}`;
  if (typeof node.value === "string") return `the text "${shorten(node.value)}"`;
  return typeof node.value === "boolean" ? String(node.value) : `the number ${node.text}`;
}

/** The node as a map, or Refused: `vars must be a map, this is a list`. */
export function expectMap(node: Node, what: string, help?: string): MapNode {
  return node.kind === "map" ? node : refuse(`${what} must be a map, this is ${describeNode(node)}`, node.at, help);
}

/** The node as a list, or Refused. */
export function expectList(node: Node, what: string, help?: string): SeqNode {
  return node.kind === "seq" ? node : refuse(`${what} must be a list, this is ${describeNode(node)}`, node.at, help);
}

/** The node as a text that is not empty, or Refused. A number counts as its text when `loose` is set. */
export function expectText(node: Node, what: string, help?: string, loose = false): ScalarNode {
  const fits =
    node.kind === "scalar" && ((typeof node.value === "string" && node.value !== "") || (loose && typeof node.value === "number"));
  if (!fits || node.kind !== "scalar")
    return refuse(`${what} must be a text, this is ${describeNode(node)}`, node.at, help ?? quoteHint(node));
  return node;
}

/** The node as true or false, or Refused with the spelling that was probably meant. */
export function expectBoolean(node: Node, what: string): boolean {
  if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
  return refuse(`${what} must be true or false, this is ${describeNode(node)}`, node.at, booleanHint(node));
}

/** The scalar as the name of a variable, or Refused. */
export function expectVariableName(name: ScalarNode): ScalarNode {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.text)) return name;
  const better = name.text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "_");
  const rule = 'use letters, digits and "_"';
  return refuse(`"${name.text}" cannot be the name of a variable`, name.at, /[A-Za-z]/.test(name.text) ? `${rule}: ${better}` : rule);
}

/** A map of variables, undefined when there is nothing; every key must be a name. */
export function expectVariables(node: Node, what: string): MapNode | undefined {
  if (node.kind === "scalar" && node.value === null) return undefined;
  const map = expectMap(node, what, "write name: value");
  for (const { key } of map.entries) expectVariableName(key);
  return map;
}

/** `write true` for yes, on, "true" and the like. */
export function booleanHint(node: Node): string | undefined {
  if (node.kind !== "scalar" || node.value === null) return undefined;
  const word = String(node.value).toLowerCase();
  if (["yes", "on", "true", "y", "1"].includes(word)) return "write true, without quotes";
  if (["no", "off", "false", "n", "0"].includes(word)) return "write false, without quotes";
  return undefined;
}

function quoteHint(node: Node): string | undefined {
  return node.kind === "scalar" && node.value !== null && node.value !== "" ? `write it in quotes: "${node.text}"` : undefined;
}

function shorten(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length > 40 || line !== text ? `${line.slice(0, 40)}...` : line;
}
