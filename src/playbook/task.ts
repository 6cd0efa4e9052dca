import { nearest, Refused, refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectMap } from "../kernel/expect.ts";
import type { MapEntry, MapNode, Node, ScalarNode } from "../kernel/node.ts";
import { Fields } from "./fields.ts";
import { inherit } from "./inherit.ts";
import { keywordsOf, plainName } from "./keywords.ts";
import { readLoop } from "./loop.ts";
import { checkMeta } from "./meta.ts";
import type { Inherited, TaskEntry } from "./model.ts";
import type { EntryKind, Reading } from "./reading.ts";
import { readRetrying } from "./retrying.ts";
import { conditionNode, isExpression, textList, textNode, variableName } from "./values.ts";

/** Modules whose bare text stands beside `args:`. */
const commandArgument: Readonly<Record<string, string>> = { command: "cmd", shell: "cmd" };

/** A task or handler; throws Refused when it names no module or more than one. */
export function readTask(map: MapNode, outer: Inherited, kind: EntryKind, reading: Reading): TaskEntry {
  const fields = new Fields(map, kind, reading.problems, outer.via);
  const { key, value } = moduleOf(map, fields);
  const module = plainName(key.text);
  const name = fields.take("name", (n) => textNode(n, "name"))?.text;
  const listen = fields.take("listen", (n) => textList(n, "listen").map((l) => l.text)) ?? [];
  if (kind === "handler" && name === undefined && listen.length === 0)
    fields.error("a handler without a name cannot be notified", map.at, "give it a name");
  const args = fields.problems.attempt(
    () =>
      argumentsOf(
        module,
        value,
        fields.take("args", (n) => argsMap(n)),
      ),
    outer.via,
  );
  if (module === "meta") fields.problems.attempt(() => checkMeta(value, outer.guard !== undefined), outer.via);
  const register = fields.take("register", (n) => variableName(n, "register"));
  const changedWhen = fields.take("changed_when", conditionNode);
  const failedWhen = fields.take("failed_when", conditionNode);
  const retrying = readRetrying(fields);
  const loop = readLoop(fields);
  return {
    kind: "task",
    name: name ?? module,
    at: map.at,
    inherited: inherit(outer, fields),
    module,
    moduleAt: key.at,
    ...(args && { args }),
    ...(register && { register }),
    ...(changedWhen && { changedWhen }),
    ...(failedWhen && { failedWhen }),
    ...(retrying && { retrying }),
    ...(loop && { loop }),
    notify: fields.take("notify", (n) => textList(n, "notify")) ?? [],
    listen,
  };
}

/** The one key that is no keyword. A slip in a keyword beside a module is told as such. */
function moduleOf(map: MapNode, fields: Fields): MapEntry {
  const keys = fields.strangers();
  const [only] = keys;
  if (!only) {
    const old = map.entries.find((e) => ["action", "local_action"].includes(e.key.text));
    if (old) throw new Refused(); // told already, as a refused keyword
    const named = fields.node("name");
    const what = named?.kind === "scalar" && named.text !== "" ? `the task "${named.text}"` : "this task";
    return refuse(`${what} names no module`, map.at, 'add one, such as "apt: { name: nginx }"');
  }
  if (keys.length === 1) return only;
  const slips = keys.filter((e) => nearest(e.key.text, keywordsOf(fields.place)) !== undefined);
  const modules = keys.filter((e) => !slips.includes(e));
  const [module, second] = modules;
  for (const slip of module ? slips : slips.slice(1)) fields.unknown(slip);
  if (!module) return only;
  if (second) {
    fields.error(
      `a task names one module, this one has two: ${module.key.text} and ${second.key.text}`,
      second.key.at,
      `make two tasks, or indent "${second.key.text}:" if it is an argument of ${module.key.text}`,
    );
  }
  return module;
}

function argsMap(node: Node): MapNode {
  return expectMap(node, "args", "write args: { name: value }");
}

function argumentsOf(module: string, value: Node, args: MapNode | undefined): Node | undefined {
  if (value.kind === "scalar" && value.value === null) return args;
  if (!args) return value;
  if (value.kind === "map") return merged(value, args);
  const argument = commandArgument[module];
  if (value.kind !== "scalar") return refuse(`${module} takes a map of arguments, this is ${describeNode(value)}`, value.at);
  if (argument === undefined)
    return refuse(`${module} has arguments as text and in args`, args.at, `write them all as a map under "${module}:"`);
  return merged({ kind: "map", entries: [{ key: keyNode(argument, value), value }], at: value.at }, args);
}

function merged(first: MapNode, second: MapNode): MapNode {
  const twice = second.entries.find((e) => first.entries.some((f) => f.key.text === e.key.text));
  if (twice) refuse(`the argument "${twice.key.text}" is given twice`, twice.key.at, "remove one of them");
  return { kind: "map", entries: [...first.entries, ...second.entries], at: first.at };
}

function keyNode(text: string, like: ScalarNode): ScalarNode {
  return { kind: "scalar", value: text, text, quoted: false, at: like.at };
}

/** Does the node hold an expression where only plain text can stand? */
export function refuseExpression(node: ScalarNode, what: string, help: string): ScalarNode {
  return isExpression(node) ? refuse(`${what} is read before anything runs, so it cannot hold an expression`, node.at, help) : node;
}
