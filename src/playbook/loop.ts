import { nearest, refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectMap } from "../kernel/expect.ts";
import type { Node } from "../kernel/node.ts";
import type { Fields } from "./fields.ts";
import type { Loop } from "./model.ts";
import { isExpression, variableName } from "./values.ts";

const spellings = ["loop", "with_items", "with_list"] as const;

/** The entry's own loop, or undefined. */
export function readLoop(fields: Fields): Loop | undefined {
  const [name, second] = spellings.filter((s) => fields.has(s));
  const control = fields.take("loop_control", (n) => readControl(n));
  if (name === undefined) {
    const alone = fields.node("loop_control");
    if (alone) fields.error("loop_control stands without a loop", alone.at, "add loop: [...]");
    return undefined;
  }
  const extra = second === undefined ? undefined : fields.node(second);
  if (extra) fields.error(`a task has one loop: ${name} and ${second} cannot stand together`, extra.at, `remove ${second}`);
  const over = fields.take(name, (n) => listNode(n, name));
  if (!over) return undefined;
  return { over, variable: "item", ...control, ...(name === "with_items" && { flatten: true }) };
}

function listNode(node: Node, name: string): Node {
  if (node.kind === "seq" || isExpression(node)) return node;
  return refuse(
    `${name} must be a list, this is ${describeNode(node)}`,
    node.at,
    `write ${name}: [one, two], or ${name}: "{{ name_of_a_list }}"`,
  );
}

const laterControls = ["pause", "extended", "extended_allitems", "break_when"];
const controls = ["loop_var", "index_var", "label"];

function readControl(node: Node): Partial<Loop> {
  const map = expectMap(node, "loop_control", "write loop_control: { loop_var: name }");
  const read: { variable?: string; indexVariable?: string; label?: Node } = {};
  for (const { key, value } of map.entries) {
    if (key.text === "loop_var") read.variable = variableName(value, "loop_var").text;
    else if (key.text === "index_var") read.indexVariable = variableName(value, "index_var").text;
    else if (key.text === "label") read.label = value;
    else if (laterControls.includes(key.text)) refuse(`loop_control has no "${key.text}" yet`, key.at, "remove it");
    else {
      const near = nearest(key.text, controls);
      refuse(
        `"${key.text}" does not belong into loop_control`,
        key.at,
        near ? `did you mean "${near}"?` : `it takes ${controls.join(", ")}`,
      );
    }
  }
  return read;
}
