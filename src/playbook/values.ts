import { refuse } from "../kernel/diagnostic.ts";
import { booleanHint, describeNode, expectText, expectVariableName } from "../kernel/expect.ts";
import type { Node, ScalarNode } from "../kernel/node.ts";

/** Does the text hold an expression, to be resolved later? */
export function isExpression(node: Node): boolean {
  return (
    node.kind === "scalar" &&
    (node.tag === "!cel" || (node.tag === undefined && typeof node.value === "string" && node.value.includes("{{")))
  );
}

/** A single text or a list of texts. */
export function textList(node: Node, what: string): readonly ScalarNode[] {
  if (node.kind === "scalar" && node.value === null) return [];
  if (node.kind === "map") return refuse(`${what} must be a text or a list of texts, this is a map`, node.at, `write ${what}: [one, two]`);
  return (node.kind === "seq" ? node.items : [node]).map((n) => expectText(n, `every item of ${what}`, undefined, true));
}

/** Tags: a list, one word, or words with commas. */
export function tagList(node: Node): readonly string[] {
  return textList(node, "tags").flatMap((n) => {
    if (isExpression(n))
      refuse("tags are read before anything runs, so they cannot hold an expression", n.at, "write the words themselves");
    return n.text
      .split(",")
      .map((t) => t.trim())
      .filter((t) => t !== "");
  });
}

/** Ids of controls: the document, then the number in it, such as S4-015, CIS-2.14 or ANSSI-R79. */
export function controlList(node: Node): readonly string[] {
  return textList(node, "controls").map((n) => {
    if (!/^[A-Z][A-Za-z0-9]*(-[A-Za-z]+)*-[A-Z]{0,2}[0-9]+(\.[0-9]+)*$/.test(n.text))
      refuse(`"${n.text}" is no id of a control`, n.at, "write the document and the number in it: S4-015, CIS-2.14, ANSSI-R79");
    return n.text;
  });
}

/** Conditions that must all hold. */
export function conditionList(node: Node): readonly Node[] {
  return node.kind === "seq" ? node.items.map(conditionNode) : [conditionNode(node)];
}

/** One condition: CEL text, true or false. */
export function conditionNode(node: Node): Node {
  if (node.kind === "seq" && node.items.length > 0) {
    for (const item of node.items) conditionNode(item);
    return node;
  }
  if (node.kind !== "scalar" || node.value === null || node.value === "" || typeof node.value === "number") {
    return refuse(
      `a condition must be a text, true or false, this is ${describeNode(node)}`,
      node.at,
      'write it as CEL: when: facts.os.family == "Debian"',
    );
  }
  return node;
}

/** true, false, or an expression that will give one of them. */
export function booleanNode(node: Node, what: string): Node {
  if (isExpression(node) || (node.kind === "scalar" && typeof node.value === "boolean")) return node;
  return refuse(`${what} must be true or false, this is ${describeNode(node)}`, node.at, booleanHint(node));
}

/** A number from `least` on, or an expression that will give one. */
export function numberNode(node: Node, what: string, least: number): Node {
  if (isExpression(node)) return node;
  const number = node.kind === "scalar" && node.tag === undefined && typeof node.value === "number" ? node.value : undefined;
  if (number !== undefined && number >= least) return node;
  const wanted = least > 0 ? `a number from ${least} on` : "0 or a positive number";
  return refuse(`${what} must be ${wanted}, this is ${describeNode(node)}`, node.at, `write ${what}: ${Math.max(least, 5)}`);
}

/** A text that may hold an expression. */
export function textNode(node: Node, what: string): ScalarNode {
  return expectText(node, what, undefined, true);
}

/** A name for a variable. */
export function variableName(node: Node, what: string): ScalarNode {
  const scalar = expectText(node, what);
  return expectVariableName(scalar);
}
