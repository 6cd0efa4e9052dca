import type { Host } from "../../inventory/model.ts";
import { refuse } from "../../kernel/diagnostic.ts";
import type { Node } from "../../kernel/node.ts";
import { isPercentage, isSize } from "../../playbook/course.ts";
import type { Order } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import type { Scope } from "../../template/scope.ts";
import type { CompiledPlay } from "../compile/program.ts";

/** The hosts of a play in the order in which they are taken. */
export function inOrder(hosts: readonly Host[], order: Order): Host[] {
  const taken = order.endsWith("sorted") ? hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : [...hosts];
  return order.startsWith("reverse") ? taken.reverse() : taken;
}

/** The sizes as `serial` gives them: numbers of hosts, or percentages as text. Throws Refused for what is none. */
export function sizesOf(serial: Node, scope: Scope): readonly (number | string)[] {
  return (serial.kind === "seq" ? serial.items : [serial]).map((node) => {
    const value = resolve(node, scope);
    return isSize(value) ? value : refuse("serial must be a number of hosts or a percentage", node.at, "write serial: 1, or serial: 30%");
  });
}

/** The percentage of `max_fail_percentage`. Throws Refused for what is none. */
export function percentageOf(node: Node, scope: Scope): number {
  const value = resolve(node, scope);
  return isPercentage(value) ? value : refuse("max_fail_percentage must be a number from 0 to 100", node.at);
}

/** The hosts in batches; the last size is repeated. A percentage is of all hosts of the play, and one host at least. */
export function batches({ serial, hosts }: Pick<CompiledPlay, "serial" | "hosts">, members: readonly Host[]): readonly (readonly Host[])[] {
  if (!serial) return [members];
  const all: (readonly Host[])[] = [];
  let from = 0;
  for (let i = 0; from < members.length; i++) {
    const size = serial[Math.min(i, serial.length - 1)] ?? members.length;
    const count = typeof size === "number" ? size : Math.max(1, Math.floor((Number.parseFloat(size) / 100) * hosts.length));
    all.push(members.slice(from, from + count));
    from += count;
  }
  return all;
}
