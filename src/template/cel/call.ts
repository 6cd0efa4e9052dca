import type { ASTNode } from "@marcbachmann/cel-js";
import { nearest } from "../../kernel/diagnostic.ts";
import { firstUnknown, holdsSecret, isMap, Unknown, type Value } from "../../kernel/value.ts";
import { isDefined } from "../defined.ts";
import { field } from "../field.ts";
import { kindOf } from "../kind.ts";
import { celFunctions, celMacros } from "./functions.ts";
import { macro } from "./macros.ts";
import type { CelValue } from "./plain.ts";
import type { Bound, CelRun } from "./run.ts";

const functionByName = new Map(celFunctions.map((f) => [f.name, f]));
const foreignFunctions: ReadonlyMap<string, string> = new Map([
  ["len", "write size(x)"],
  ["length", "write size(x)"],
  ["count", "write size(x)"],
  ["type", "compare the value itself"],
  ["get", 'write defined("map.key") ? map.key : ...'],
  ["startswith", 'write x.startsWith("...")'],
  ["endswith", 'write x.endsWith("...")'],
]);
const macroNames = new Set(celMacros.map((m) => m.name));

/** Calls a function, a method or a macro. */
export function call(
  run: CelRun,
  node: ASTNode,
  name: string,
  receiver: ASTNode | undefined,
  args: readonly ASTNode[],
  bound: Bound,
): CelValue {
  if (name === "defined" && !receiver) return defined(run, node, args);
  if (name === "has" && !receiver) return has(run, node, args, bound);
  if (receiver && macroNames.has(name)) return macro(run, node, name, receiver, args, bound);
  const known = functionByName.get(name);
  if (!known) return unknownFunction(run, node, name, receiver);
  if (receiver ? known.form === "function" : known.form === "method") {
    const [first, ...rest] = receiver ? [receiver, ...args] : args;
    const others = rest.map((a) => run.text(a)).join(", ");
    const subject = first ? run.text(first) : "x";
    const spelled = receiver ? `${name}(${[subject, others].filter(Boolean).join(", ")})` : `${subject}.${name}(${others})`;
    return run.refuse(node, `${name} is written the other way round`, `write ${spelled}`);
  }
  const given = receiver ? [receiver, ...args] : args;
  const [least, most] = known.takes;
  if (given.length < least || given.length > most)
    run.refuse(node, `${name} takes ${receiver ? least - 1 : least} value(s)`, `as in ${known.example.write}`);
  const values = given.map((a) => run.run(a, bound));
  const unknown = firstUnknown(values);
  run.secret ||= holdsSecret(values);
  return unknown ? new Unknown(unknown.waitsFor) : run.checked(known.run(...values), node);
}

function defined(run: CelRun, node: ASTNode, args: readonly ASTNode[]): boolean | Unknown {
  const [path] = args;
  if (args.length !== 1 || path?.op !== "value" || typeof path.args !== "string") {
    const name = path ? run.text(path) : "name";
    return run.refuse(node, "defined takes the name in quotes", `write defined("${name}")`);
  }
  return isDefined(run.scope, path.args);
}

function has(run: CelRun, node: ASTNode, args: readonly ASTNode[], bound: Bound): CelValue {
  const [path] = args;
  if (args.length !== 1 || path?.op !== ".")
    return run.refuse(node, "has takes a field", 'write has(map.field); for a variable defined("name")');
  const owner = run.run(path.args[0], bound);
  if (owner instanceof Unknown) {
    const found = field(owner, path.args[1], run.text(path.args[0]));
    return "value" in found ? new Unknown(owner.waitsFor, { kind: "boolean" }) : false;
  }
  if (!isMap(owner as Value)) return run.refuse(path.args[0], `has looks into a map, this is ${kindOf(owner as Value)}`);
  return Object.hasOwn(owner as object, path.args[1]);
}

function unknownFunction(run: CelRun, node: ASTNode, name: string, receiver: ASTNode | undefined): never {
  const near = nearest(name, [...functionByName.keys(), ...macroNames, ...foreignFunctions.keys()]);
  const help = foreignFunctions.get(name);
  const all = [...functionByName.keys(), ...macroNames].join(", ");
  run.refuse(
    node,
    `"${name}" is not a ${receiver ? "method" : "function"}`,
    help ?? foreignFunctions.get(near ?? "") ?? (near ? `did you mean "${near}"?` : `there are ${all}`),
  );
}
