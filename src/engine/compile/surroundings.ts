import type { Change } from "../../kernel/change.ts";
import { refuse } from "../../kernel/diagnostic.ts";
import type { Surroundings } from "../../kernel/module.ts";
import type { Node } from "../../kernel/node.ts";
import type { Environment, Step } from "../../kernel/step.ts";
import { firstUnknown, isMap, Secret, type Unknown, type Value } from "../../kernel/value.ts";
import type { Inherited } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import { numberOf } from "./number.ts";
import type { Variables } from "./scope.ts";

/** `environment` and `timeout` of a task, or what they wait for. Throws Refused. */
export function surroundingsOf({ environment, timeout }: Inherited, variables: Variables): Surroundings | Unknown {
  const all: Record<string, string | Secret> = {};
  for (const node of environment) {
    const value = resolve(node, variables);
    const on = firstUnknown(value);
    if (on) return on;
    for (const map of Array.isArray(value) ? (value as readonly Value[]) : [value]) Object.assign(all, environmentOf(map, node));
  }
  return {
    ...(Object.keys(all).length > 0 && { environment: all }),
    ...(timeout && { timeout: numberOf(timeout, variables, "timeout", 1) }),
  };
}

function environmentOf(value: Value, node: Node): Environment {
  if (!isMap(value)) return refuse("environment must be a map", node.at, "write environment: { NAME: value }");
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, variable(name, v, node)]));
}

function variable(name: string, value: Value, node: Node): string | Secret {
  const at = (node.kind === "map" ? node.entries.find((e) => e.key.text === name)?.value.at : undefined) ?? node.at;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return refuse(`"${name}" is no name for an environment variable`, at, "use letters, digits and _, a letter or _ first");
  if (value instanceof Secret) return value;
  if (typeof value === "string") {
    if (value.includes("\0")) refuse(`the environment variable ${name} holds a NUL byte`, at, "no program can be given one");
    return value;
  }
  if (typeof value === "number") return String(value);
  const what = typeof value === "boolean" ? `write ${name}: "${value}"` : `write a text, such as ${name}: ""`;
  return refuse(`the environment variable ${name} must be a text`, at, what);
}

/** The changes, as their programs are to be run: a variable that the module itself gives a step stays. */
export function surrounded(changes: readonly Change[], { environment }: Surroundings): readonly Change[] {
  if (environment === undefined) return changes;
  const env = (step: Step): Step => (step.do === "exec" || step.do === "script" ? { ...step, env: { ...environment, ...step.env } } : step);
  return changes.map((c) => ({ ...c, steps: c.steps.map(env) }));
}
