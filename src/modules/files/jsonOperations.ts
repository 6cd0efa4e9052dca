import { type Refusal, refusal } from "../../kernel/module.ts";
import { type JsonPath, type JsonText, sameJson } from "../parts/json-text.ts";

/** An operation of a JSON patch (RFC 6902). */
export interface JsonOperation {
  readonly op: "add" | "replace" | "remove" | "move" | "copy" | "test";
  /** A JSON pointer (RFC 6901): `/log-opts/max-size`, `/list/-` for the end of a list. */
  readonly path: string;
  readonly from?: string | undefined;
  readonly value?: unknown;
}

/** Why no JSON pointer stands there, or undefined. */
export function pointerProblem(pointer: string): string | undefined {
  if (pointer !== "" && !pointer.startsWith("/")) return `"${pointer}" is no JSON pointer: it begins with /, as in /log-opts/max-size`;
  return /~(?![01])/.test(pointer) ? `"${pointer}": in a JSON pointer ~ is written ~0, and / in a key ~1` : undefined;
}

/** Does the operations in their order. False when a test does not hold: then nothing of them counts. */
export function applyOperations(json: JsonText, operations: readonly JsonOperation[]): boolean | Refusal {
  for (const [i, operation] of operations.entries()) {
    const done = apply(json, operation);
    if (done === false) return false;
    if (done !== true) return refusal(`operation ${i + 1} (${operation.op} ${operation.path}): ${done}`);
  }
  return true;
}

/** true: holds now. false: the test does not hold. A text: why it cannot be done. */
function apply(json: JsonText, { op, path, from = "", value }: JsonOperation): boolean | string {
  switch (op) {
    case "test":
      return sameJson(at(json, path), value);
    case "remove":
      return remove(json, path);
    case "replace":
      if (at(json, path) === undefined) return "there is nothing to replace; to put it there write op: add";
      return add(json, path, value, true);
    case "add":
      return add(json, path, value, false);
    case "copy":
    case "move": {
      const moved = at(json, from);
      if (moved === undefined) return op === "move" && at(json, path) !== undefined ? true : `there is nothing at ${from}`;
      if (path === from || (op === "move" && path.startsWith(`${from}/`))) return path === from ? true : "it cannot be moved into itself";
      if (op === "move") remove(json, from);
      return add(json, path, moved, false);
    }
  }
}

function at(json: JsonText, pointer: string): unknown {
  return json.at(pathOf(json, pointer));
}

function remove(json: JsonText, pointer: string): boolean | string {
  if (pointer === "") return "the whole document cannot be taken out of its file";
  if (at(json, pointer) !== undefined) json.set(pathOf(json, pointer), undefined);
  return true;
}

function add(json: JsonText, pointer: string, value: unknown, replaces: boolean): boolean | string {
  const path = pathOf(json, pointer);
  const parent = json.at(path.slice(0, -1));
  const last = path.at(-1);
  if (last !== undefined && (typeof parent !== "object" || parent === null))
    return `there is no object or list at ${pointer.slice(0, pointer.lastIndexOf("/")) || "the root"}; add it first`;
  if (!Array.isArray(parent) || replaces) {
    json.set(path, value);
    return true;
  }
  const list: readonly unknown[] = parent;
  // What is in the list already is not put there again: a rerun changes nothing.
  if (last === list.length ? list.some((item) => sameJson(item, value)) : sameJson(list[Number(last)], value)) return true;
  if (typeof last !== "number" || last > list.length)
    return `the list has ${list.length} entries: write an index up to that, or - for its end`;
  json.insert(path, value);
  return true;
}

/** Parts of a pointer; those of lists are numbers, and `-` is the end of one. */
function pathOf(json: JsonText, pointer: string): JsonPath {
  const path: (string | number)[] = [];
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    const parent = json.at(path);
    if (Array.isArray(parent)) path.push(key === "-" ? parent.length : /^(0|[1-9]\d*)$/.test(key) ? Number(key) : key);
    else path.push(key);
  }
  return path;
}
