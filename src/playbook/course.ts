import { nearest, refuse } from "../kernel/diagnostic.ts";
import { describeNode } from "../kernel/expect.ts";
import type { Node } from "../kernel/node.ts";
import type { Fields } from "./fields.ts";
import type { Order, Play } from "./model.ts";
import { isExpression, textNode } from "./values.ts";

const orders: readonly Order[] = ["inventory", "reverse_inventory", "sorted", "reverse_sorted"];
const strategies: readonly Play["strategy"][] = ["linear", "free"];

/** Which hosts of a play go when: its batches, their order, whether they wait for one another, and when the run ends early. */
export function readCourse(fields: Fields): Pick<Play, "serial" | "order" | "strategy" | "maxFailPercentage"> {
  const serial = fields.take("serial", (n) => sizes(n));
  const order =
    fields.take("order", (n) => wordOf(n, "order", orders, { shuffle: "a run and its plan would not take the same way: " })) ?? "inventory";
  const strategy =
    fields.take("strategy", (n) =>
      wordOf(n, "strategy", strategies, { host_pinned: "", debug: "run with -v, or with --check --diff: " }),
    ) ?? "linear";
  const maxFailPercentage = fields.take("max_fail_percentage", percentage);
  if (strategy === "free" && maxFailPercentage)
    fields.error(
      "max_fail_percentage needs the strategy linear: under free, hosts do not wait for one another",
      maxFailPercentage.at,
      "remove one of them",
    );
  return { order, strategy, ...(serial && { serial }), ...(maxFailPercentage && { maxFailPercentage }) };
}

/** `5`, `30%`, or a list of them. */
function sizes(node: Node): Node {
  if (node.kind === "seq" && node.items.length > 0) {
    for (const item of node.items) size(item);
    return node;
  }
  return size(node);
}

function size(node: Node): Node {
  if (isExpression(node) || (node.kind === "scalar" && isSize(node.value))) return node;
  return refuse(
    `serial must be a number of hosts or a percentage, this is ${describeNode(node)}`,
    node.at,
    "write serial: 1, or serial: 30%, or a list of them",
  );
}

/** A number of hosts, 1 or more, or a percentage of them as text. */
export function isSize(value: unknown): value is number | string {
  if (typeof value === "number") return Number.isInteger(value) && value > 0;
  return typeof value === "string" && /^(100|[1-9]?\d)(\.\d+)?%$/.test(value);
}

function percentage(node: Node): Node {
  if (isExpression(node) || (node.kind === "scalar" && isPercentage(node.value))) return node;
  return refuse(
    `max_fail_percentage must be a number from 0 to 100, this is ${describeNode(node)}`,
    node.at,
    "write it without %: max_fail_percentage: 30",
  );
}

export function isPercentage(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 100;
}

function wordOf<T extends string>(node: Node, keyword: string, known: readonly T[], instead: Readonly<Record<string, string>>): T {
  const { text, at } = textNode(node, keyword);
  const found = known.find((k) => k === text);
  if (found) return found;
  const list = `${keyword} is ${known.join(", ")}`;
  if (Object.hasOwn(instead, text)) return refuse(`"${keyword}: ${text}" is Ansible's, not Rempart's`, at, `${instead[text] ?? ""}${list}`);
  const near = nearest(text, known);
  return refuse(`there is no ${keyword} "${text}"`, at, near ? `did you mean "${near}"?` : list);
}
