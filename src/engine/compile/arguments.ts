import { z } from "zod";
import type { ArgumentInput } from "../../kernel/argumentinput.ts";
import { type Diagnostic, nearest, Refused } from "../../kernel/diagnostic.ts";
import type { ArgumentIssue, Module, Prepared, Surroundings } from "../../kernel/module.ts";
import type { MapEntry, MapNode, Node } from "../../kernel/node.ts";
import type { Span } from "../../kernel/span.ts";
import { firstUnknown, isMap, Secret, type Unknown, type Value } from "../../kernel/value.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import { freeFormNode } from "./freeform.ts";
import { argumentInput, readsOthers } from "./input.ts";
import { withDefaults } from "./moduledefaults.ts";
import type { Place } from "./place.ts";

/** The arguments of a task on a host: bound to the module, or waiting for a value that is not there yet. */
export type Arguments =
  | { readonly kind: "ready"; readonly prepared: Prepared; readonly raw: Readonly<Record<string, unknown>> }
  | { readonly kind: "waiting"; readonly on: Unknown; readonly raw: Readonly<Record<string, unknown>> };

/** Resolves and checks the arguments. Throws Refused with the place of the wrong one. */
export function argumentsOf(task: TaskEntry, module: Module, place: Place, how: Surroundings): Arguments {
  const node = withDefaults(task, module, freeFormNode(task, module));
  const raw: Record<string, unknown> = {};
  const spans = new Map<string, Span>();
  const inputOf = ({ key }: MapEntry): ArgumentInput | undefined => module.inputs[key.text];
  // What is made of some depends on others.
  const entries = (node?.entries ?? []).toSorted((a, b) => Number(readsOthers(inputOf(a))) - Number(readsOthers(inputOf(b))));
  for (const entry of entries) {
    const { key, value } = entry;
    const input = inputOf(entry);
    const resolved: unknown = input ? argumentInput(input, value, place, raw) : resolve(value, place.variables);
    raw[key.text] = module.secretArgs.includes(key.text) && typeof resolved === "string" ? new Secret(resolved) : resolved;
    spans.set(key.text, key.at);
  }
  const on = firstUnknown(raw);
  if (on) {
    const issues = partialIssues(module, raw);
    if (issues.length > 0) throw new Refused(...issues.map((i) => explain(i, task, module, node, raw)));
    return { kind: "waiting", on, raw };
  }
  const result = module.prepare(raw, how);
  if (!result.ok) throw new Refused(...result.issues.map((i) => explain(i, task, module, node, raw)));
  return { kind: "ready", prepared: result.prepared, raw };
}

/** What can be said of arguments of which some are not known yet: names, and the types of those that are known. */
function partialIssues(module: Module, raw: Readonly<Record<string, unknown>>): ArgumentIssue[] {
  if (!(module.args instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.ZodType>> = module.args.shape as Record<string, z.ZodType>;
  const closed = module.args.def.catchall instanceof z.ZodNever;
  return Object.entries(raw).flatMap(([name, value]): ArgumentIssue[] => {
    const schema = shape[name];
    if (!schema) return closed ? [{ path: [name], message: `unknown argument "${name}"`, unknownKey: name }] : [];
    if (firstUnknown(value)) return [];
    const parsed = schema.safeParse(value);
    return parsed.success
      ? []
      : parsed.error.issues.map((i) => ({ path: [name, ...i.path.filter((p) => typeof p !== "symbol")], message: i.message }));
  });
}

function explain(
  issue: ArgumentIssue,
  task: TaskEntry,
  module: Module,
  node: MapNode | undefined,
  raw: Readonly<Record<string, unknown>>,
): Diagnostic {
  const at = nodeAt(node, issue.path) ?? task.moduleAt;
  if (issue.unknownKey !== undefined) {
    const names = module.args instanceof z.ZodObject ? Object.keys(module.args.shape) : [];
    const near = nearest(issue.unknownKey, names);
    const help = near ? `did you mean "${near}"?` : `${module.name} takes ${names.join(", ")}`;
    const key = issue.path.length === 1 ? node?.entries.find((e) => e.key.text === issue.unknownKey)?.key.at : undefined;
    return {
      severity: "error",
      message: `"${issue.unknownKey}" is not an argument of ${module.name}`,
      at: key ?? at,
      help,
      via: task.inherited.via,
    };
  }
  const value = valueAt(raw, issue.path);
  if (value instanceof Secret) {
    const message = `${module.name}: "${issue.path.join(".")}" cannot take a secret: ${module.controller ? "it would be printed" : "it would be seen in the process list or in a file name"}`;
    return {
      severity: "error",
      message,
      at,
      help: "take the value from a source that is not secret, or use an argument that is made for secrets",
      via: task.inherited.via,
    };
  }
  const name = issue.path.join(".");
  const missing = value === undefined && /received undefined/.test(issue.message);
  const message = missing
    ? `${module.name} needs the argument "${name}"`
    : name === ""
      ? `${module.name}: ${plainWords(issue.message)}`
      : `${module.name}: "${name}": ${plainWords(issue.message)}`;
  return {
    severity: "error",
    message,
    at,
    help: helpFor(value, issue.message) ?? `see: rempart doc ${module.name}`,
    via: task.inherited.via,
  };
}

function plainWords(message: string): string {
  return message
    .replace(/^Invalid input: expected (.*), received (.*)$/, "expected $1, got $2")
    .replace(/^Invalid option: expected (one of )?/, "expected $1");
}

function helpFor(value: unknown, message: string): string | undefined {
  if (typeof value !== "string") return undefined;
  if (message.includes("expected boolean")) {
    if (/^(yes|on|y|1|True|TRUE)$/.test(value)) return "write true";
    if (/^(no|off|n|0|False|FALSE)$/.test(value)) return "write false";
  }
  if (/expected (number|int)/.test(message) && /^\d+$/.test(value)) return `write ${value} without quotes`;
  const options = [...message.matchAll(/"([^"]+)"/g)].map((m) => m[1] ?? "");
  const near = nearest(value, options);
  return near ? `did you mean "${near}"?` : undefined;
}

function nodeAt(node: MapNode | undefined, path: readonly (string | number)[]): Span | undefined {
  let here: Node | undefined = node;
  let at: Span | undefined;
  for (const step of path) {
    if (here?.kind === "map") {
      const found: MapEntry | undefined = here.entries.find((e) => e.key.text === step);
      if (!found) return at;
      at = step === path.at(-1) && found.value.kind !== "scalar" ? found.key.at : found.value.at;
      here = found.value;
    } else if (here?.kind === "seq" && typeof step === "number") {
      here = here.items[step];
      at = here?.at ?? at;
    } else return at;
  }
  return at;
}

function valueAt(raw: unknown, path: readonly (string | number)[]): unknown {
  let here = raw;
  for (const step of path) {
    if (Array.isArray(here) && typeof step === "number") here = here[step];
    else if (isMap(here as Value)) here = (here as Record<string, unknown>)[step];
    else return here;
  }
  return here;
}
