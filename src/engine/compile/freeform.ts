import { refuse } from "../../kernel/diagnostic.ts";
import type { Module } from "../../kernel/module.ts";
import type { MapEntry, MapNode, ScalarNode } from "../../kernel/node.ts";
import type { Span } from "../../kernel/span.ts";
import type { TaskEntry } from "../../playbook/model.ts";

const cache = new WeakMap<TaskEntry, MapNode>();

/** The arguments as a map, whatever way they were written: a map, `command: uptime`, `apt: name=x state=present`. */
export function freeFormNode(task: TaskEntry, module: Module): MapNode | undefined {
  const args = task.args;
  if (!args || args.kind === "map") return args;
  if (args.kind === "seq") return refuse(`${module.name} takes a map of arguments, not a list`, args.at, `see: rempart doc ${module.name}`);
  if (args.value === null) return undefined;
  let made = cache.get(task);
  if (!made) {
    made = { kind: "map", entries: entriesOf(args, module), at: args.at };
    cache.set(task, made);
  }
  return made;
}

function entriesOf(scalar: ScalarNode, module: Module): MapEntry[] {
  if (module.freeForm !== undefined && !(module.keyValue && /^\w+=/.test(scalar.text)))
    return [{ key: keyNode(module.freeForm, scalar.at), value: scalar }];
  const words = keyValueWords(scalar);
  const bare = words.find((w) => w.name === undefined);
  if (bare || words.length === 0) {
    return refuse(
      `${module.name} takes arguments by name`,
      bare?.at ?? scalar.at,
      `write "${module.name}: { name: value }", see: rempart doc ${module.name}`,
    );
  }
  return words.map((w) => ({ key: keyNode(w.name ?? "", w.at), value: valueNode(w.value, w.at) }));
}

interface Word {
  readonly name: string | undefined;
  readonly value: string;
  readonly at: Span;
}

/** `name=x state="present now"`: words at blanks outside quotes and braces. */
function keyValueWords(scalar: ScalarNode): Word[] {
  const pattern = /(?:(\w+)=)?((?:"(?:[^"\\]|\\.)*"|'[^']*'|\{\{.*?\}\}|[^\s"'])+)/g;
  const offset = Math.max(0, scalar.at.source.text.slice(scalar.at.start, scalar.at.end).indexOf(scalar.text));
  return [...scalar.text.matchAll(pattern)].map((m) => {
    const start = scalar.at.start + offset + m.index;
    const value = (m[2] ?? "").replace(
      /^"(.*)"$|^'(.*)'$/s,
      (_, double: string | undefined, single: string | undefined) => double ?? single ?? "",
    );
    return { name: m[1], value, at: { source: scalar.at.source, start, end: start + m[0].length } };
  });
}

function keyNode(text: string, at: Span): ScalarNode {
  return { kind: "scalar", value: text, text, quoted: false, at };
}

/** As YAML would read the bare word, so that `enabled=true` is a boolean. */
function valueNode(text: string, at: Span): ScalarNode {
  const value = text === "true" ? true : text === "false" ? false : /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
  return { kind: "scalar", value, text, quoted: false, at };
}
