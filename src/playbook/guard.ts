import { nearest, refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectMap } from "../kernel/expect.ts";
import type { Node } from "../kernel/node.ts";
import type { Guard } from "./model.ts";
import { isExpression } from "./values.ts";

const known = ["within", "port"];
const example = "write guard: { within: 90s }";
const seconds = { s: 1, m: 60 } as const;
const [shortest, longest] = [30, 15 * 60];

/** `guard: { within: 90s, port: 2222 }`. Throws Refused. */
export function readGuard(node: Node): Guard {
  const map = expectMap(node, "guard", example);
  for (const { key } of map.entries) {
    if (known.includes(key.text)) continue;
    const near = nearest(key.text, known);
    refuse(`guard does not know "${key.text}"`, key.at, near ? `did you mean "${near}"?` : `it takes ${known.join(" and ")}`);
  }
  const value = (name: string): Node | undefined => map.entries.find((e) => e.key.text === name)?.value;
  const within = value("within");
  const port = value("port");
  if (!within) return refuse("guard does not say how soon the host must be seen to be reachable", map.at, example);
  return { within: secondsOf(within), at: map.at, ...(port && { port: portNode(port) }) };
}

function secondsOf(node: Node): number {
  const found = node.kind === "scalar" ? /^(\d+)(s|m)?$/.exec(node.text) : null;
  if (!found)
    return refuse(`within must be a time, this is ${describeNode(node)}`, node.at, "write seconds or minutes: within: 90s, or 2m");
  const time = Number(found[1]) * seconds[(found[2] ?? "s") as keyof typeof seconds];
  if (time < shortest || time > longest)
    return refuse(`within is ${node.kind === "scalar" ? node.text : ""}: it must be from ${shortest}s to ${longest / 60}m`, node.at);
  return time;
}

/** A number, or an expression that gives one. */
function portNode(node: Node): Node {
  if (isExpression(node) || (node.kind === "scalar" && isPort(node.value))) return node;
  return refuse(`port must be a number from 1 to 65535, this is ${describeNode(node)}`, node.at);
}

/** Is this the number of a TCP port? */
export function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535;
}
