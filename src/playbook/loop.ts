import { nearest, refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectBoolean, expectMap } from "../kernel/expect.ts";
import type { Node } from "../kernel/node.ts";
import type { Fields } from "./fields.ts";
import type { Loop } from "./model.ts";
import { isExpression, numberNode, textList, variableName } from "./values.ts";

const forms: Readonly<Record<string, Pick<Loop, "form">>> = {
  loop: {},
  with_list: {},
  with_items: { form: "items" },
  with_dict: { form: "dict" },
  with_fileglob: { form: "fileglob" },
};

/** The entry's own loop, or undefined. */
export function readLoop(fields: Fields): Loop | undefined {
  const [name, second] = Object.keys(forms).filter((s) => fields.has(s));
  const control = fields.take("loop_control", (n) => readControl(n));
  if (name === undefined) {
    const alone = fields.node("loop_control");
    if (alone) fields.error("loop_control stands without a loop", alone.at, "add loop: [...]");
    return undefined;
  }
  const extra = second === undefined ? undefined : fields.node(second);
  if (extra) fields.error(`a task has one loop: ${name} and ${second} cannot stand together`, extra.at, `remove ${second}`);
  const over = fields.take(name, (n) => overNode(n, name));
  if (!over) return undefined;
  return { over, variable: "item", ...control, ...forms[name] };
}

function overNode(node: Node, name: string): Node {
  if (isExpression(node)) return node;
  if (name === "with_dict") return expectMap(node, name, 'write with_dict: { name: value }, or with_dict: "{{ name_of_a_map }}"');
  if (name === "with_fileglob") {
    textList(node, name);
    return node;
  }
  if (node.kind === "seq") return node;
  return refuse(
    `${name} must be a list, this is ${describeNode(node)}`,
    node.at,
    node.kind === "map"
      ? `write with_dict: each turn has item.key and item.value`
      : `write ${name}: [one, two], or ${name}: "{{ name_of_a_list }}"`,
  );
}

const controls = ["loop_var", "index_var", "label", "pause", "extended", "extended_allitems"];
const refusedControls: Readonly<Record<string, string>> = { break_when: "loop over a shorter list, or put a when on the task" };

function readControl(node: Node): Partial<Loop> {
  const map = expectMap(node, "loop_control", "write loop_control: { loop_var: name }");
  const read: { variable?: string; indexVariable?: string; label?: Node; pause?: Node } = {};
  let extended = false;
  let whole = true;
  for (const { key, value } of map.entries) {
    if (key.text === "loop_var") read.variable = variableName(value, "loop_var").text;
    else if (key.text === "index_var") read.indexVariable = variableName(value, "index_var").text;
    else if (key.text === "label") read.label = value;
    else if (key.text === "pause") read.pause = numberNode(value, "pause", 0);
    else if (key.text === "extended") extended = expectBoolean(value, "extended");
    else if (key.text === "extended_allitems") whole = expectBoolean(value, "extended_allitems");
    else if (refusedControls[key.text] !== undefined)
      refuse(`"${key.text}" in loop_control is Ansible's, not Rempart's`, key.at, refusedControls[key.text]);
    else {
      const near = nearest(key.text, controls);
      refuse(
        `"${key.text}" does not belong into loop_control`,
        key.at,
        near ? `did you mean "${near}"?` : `it takes ${controls.join(", ")}`,
      );
    }
  }
  return { ...read, ...(extended && { extended: whole ? ("whole" as const) : ("lean" as const) }) };
}
