import { refuse } from "../../kernel/diagnostic.ts";
import type { Node } from "../../kernel/node.ts";
import { Unknown } from "../../kernel/value.ts";
import { resolve } from "../../template/resolve.ts";
import type { Variables } from "./scope.ts";

/** A keyword that is a number from `least` on. Throws Refused. */
export function numberOf(node: Node, variables: Variables, keyword: string, least: number): number {
  const value = resolve(node, variables);
  if (typeof value === "number" && value >= least) return value;
  const help = value instanceof Unknown ? `it waits for ${value.waitsFor}` : undefined;
  return refuse(`${keyword} must be a number from ${least} on`, node.at, help);
}
