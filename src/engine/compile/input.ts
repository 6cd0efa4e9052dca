import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { ArgumentInput, EvaluatedCondition, RenderedTemplate } from "../../kernel/argumentinput.ts";
import { refuse } from "../../kernel/diagnostic.ts";
import { noteFile } from "../../kernel/inputs.ts";
import type { Node } from "../../kernel/node.ts";
import type { SourceFile } from "../../kernel/span.ts";
import { firstUnknown, Unknown } from "../../kernel/value.ts";
import { condition } from "../../template/condition.ts";
import { expression } from "../../template/expression.ts";
import { renderTemplate } from "../../template/render.ts";
import { resolve } from "../../template/resolve.ts";
import { findLocal, readLocalFile, searchPaths } from "./localfile.ts";
import { localPlace } from "./localplace.ts";
import type { Place } from "./place.ts";

/** Turns a raw argument into what its module wants to see: a local file, a rendered template, evaluated conditions, a variable's value. */
export function argumentInput(input: ArgumentInput, node: Node, place: Place, others: Readonly<Record<string, unknown>>): unknown {
  switch (input) {
    case "conditions":
      return (node.kind === "seq" ? node.items : [node]).map((n) => evaluated(n, place));
    case "variable":
      return variable(node, place);
    case "file":
      return pathArgument(node, "files", place, readLocalFile);
    case "template":
      return pathArgument(node, "templates", place, (name, path) => rendered(name, path, place));
    case "archive":
      return isElsewhere(node, place, others) ? resolve(node, place.variables) : pathArgument(node, "files", place, readLocalFile);
    case "fetched":
      return fetched(node, place, others);
  }
}

/** Whether it is made with an eye on the other arguments, which are resolved before it. */
export function readsOthers(input: ArgumentInput | undefined): boolean {
  return input === "archive" || input === "fetched";
}

function isElsewhere(node: Node, place: Place, others: Readonly<Record<string, unknown>>): boolean {
  const name = resolve(node, place.variables);
  return others.remote_src === true || others.remote_src instanceof Unknown || (typeof name === "string" && /^https?:/.test(name));
}

function fetched(node: Node, place: Place, others: Readonly<Record<string, unknown>>): unknown {
  const name = resolve(node, place.variables);
  const unknown = firstUnknown([name, others]);
  if (unknown) return unknown;
  if (typeof name !== "string" || name === "") return refuse("a path is wanted here", node.at);
  const host = String(place.variables.get("inventory_hostname") ?? "");
  if (/^\.{0,2}$|[/\0]/.test(host))
    return refuse(`the host "${host}" cannot name a folder`, node.at, "write flat: true and a path of its own");
  return localPlace(name, place.playbookDir, typeof others.src === "string" ? others.src : "", others.flat === true ? undefined : host);
}

function evaluated(node: Node, place: Place): EvaluatedCondition | Unknown {
  const holds = condition(node, place.variables);
  return holds instanceof Unknown ? holds : { text: node.kind === "scalar" ? node.text : "", holds };
}

function variable(node: Node, place: Place): unknown {
  if (node.kind !== "scalar") return refuse("the name of a variable is wanted here", node.at, "write var: name, or var: name.field");
  const name = resolve(node, place.variables);
  if (name instanceof Unknown) return name;
  return typeof name === "string" ? { name, value: expression(name, node.at, place.variables) } : { name: node.text, value: name };
}

function pathArgument<T>(node: Node, kind: "files" | "templates", place: Place, read: (name: string, path: string) => T): T | Unknown {
  const name = resolve(node, place.variables);
  const unknown = firstUnknown(name);
  if (unknown) return unknown;
  if (typeof name !== "string" || name === "") return refuse("a path is wanted here", node.at);
  const places = searchPaths(kind, place.roleDir, place.playbookDir);
  const path = findLocal(name, places);
  if (path === undefined)
    return refuse(`the file "${name}" is not on the controller`, node.at, `looked in ${places.map(shown).join(", ")}`);
  return read(name, path);
}

const sources = new Map<string, SourceFile>();

function rendered(name: string, path: string, place: Place): RenderedTemplate | Unknown {
  const bytes = readFileSync(path);
  noteFile(path, bytes);
  const text = bytes.toString("utf8");
  let source = sources.get(path);
  if (source?.text !== text) {
    source = { path: shown(path), text };
    sources.set(path, source);
  }
  const result = renderTemplate(source, place.variables);
  return result instanceof Unknown ? result : { name, text: result };
}

function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere || ".";
}
