import type { ASTNode } from "@marcbachmann/cel-js";
import { Unknown, type Value } from "../../kernel/value.ts";
import { kindOf } from "../kind.ts";
import { type CelValue, isCelMap, isList } from "./plain.ts";
import type { Bound, CelRun } from "./run.ts";

/** `list.all(x, ...)` and its relatives; over a map they go through the keys. */
export function macro(run: CelRun, node: ASTNode, name: string, receiver: ASTNode, args: readonly ASTNode[], bound: Bound): CelValue {
  const [variable, test] = args;
  if (args.length !== 2 || variable?.op !== "id" || !test)
    return run.refuse(node, `${name} takes a name and an expression`, `write ${run.text(receiver)}.${name}(x, x == 1)`);
  const over = run.run(receiver, bound);
  if (over instanceof Unknown) return overUnknown(run, name, over, variable.args, test, bound);
  const items: readonly Value[] | undefined = isList(over) ? over : isCelMap(over) ? Object.keys(over) : undefined;
  if (!items) return run.refuse(receiver, `${name} goes over a list or a map, this is ${kindOf(over as Value)}`);
  const inside = (item: Value): Bound => new Map([...bound, [variable.args, item]]);
  if (name === "map") return items.map((item) => run.keep(run.run(test, inside(item)), test));
  const held = items.map((item) => ({ item, holds: run.holds(test, inside(item)) }));
  const unknown = held.find((h) => h.holds instanceof Unknown)?.holds;
  const count = held.filter((h) => h.holds === true).length;
  switch (name) {
    case "all":
      return held.some((h) => h.holds === false) ? false : (unknown ?? true);
    case "exists":
      return count > 0 ? true : (unknown ?? false);
    case "exists_one":
      return count > 1 ? false : (unknown ?? count === 1);
    default:
      return unknown instanceof Unknown ? new Unknown(unknown.waitsFor) : held.filter((h) => h.holds === true).map((h) => h.item);
  }
}

/** Goes through once with an item that is not known, so that a misspelt field is found now. */
function overUnknown(run: CelRun, name: string, over: Unknown, variable: string, test: ASTNode, bound: Bound): Unknown {
  const item = over.shape.kind === "list" ? over.shape.of : { kind: over.shape.kind === "map" ? ("string" as const) : ("any" as const) };
  run.run(test, new Map([...bound, [variable, new Unknown(over.waitsFor, item)]]));
  return new Unknown(over.waitsFor, { kind: name === "map" || name === "filter" ? "any" : "boolean" });
}
