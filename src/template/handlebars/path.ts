import { nearest } from "../../kernel/diagnostic.ts";
import { isMap, Unknown, type Value } from "../../kernel/value.ts";
import { field } from "../field.ts";
import { undefinedName } from "../scope.ts";
import type { Path } from "./ast.ts";
import type { Frame } from "./frame.ts";
import type { Run } from "./run.ts";

/** The value at a path, or a Refused at the part that is missing. */
export function readPath(run: Run, path: Path, frame: Frame | undefined): Value {
  const value = walk(run, path, frame, true);
  return value === undefined ? null : value;
}

/** As readPath, but undefined where something is not defined. */
export function tryPath(run: Run, path: Path, frame: Frame | undefined): Value | undefined {
  return walk(run, path, frame, false);
}

function walk(run: Run, path: Path, frame: Frame | undefined, strict: boolean): Value | undefined {
  const started = start(run, path, frame, strict);
  if (!started) return undefined;
  let [value, next, owner] = started;
  for (; next < path.parts.length; next++) {
    const part = path.parts[next];
    if (!part) break;
    const found = field(value, part.name, owner);
    if (!("value" in found)) return strict ? run.refuse(part, found.message, found.help) : undefined;
    value = found.value;
    owner = `${owner}.${/^[\w-]+$/.test(part.name) && !/^\d/.test(part.name) ? part.name : `[${part.name}]`}`;
  }
  return value;
}

/** The value that the path starts at, the number of parts it used up, and its name. */
function start(run: Run, path: Path, frame: Frame | undefined, strict: boolean): [Value, number, string] | undefined {
  const [first] = path.parts;
  if (path.from === "data") return data(run, path, frame);
  let here = frame;
  if (first && path.from === "name" && path.up === 0) {
    for (let f = frame; f; f = f.outer) {
      const named = f.names.get(first.name);
      if (named !== undefined) return [named, 1, first.name];
    }
  }
  for (let i = 0; i < path.up; i++) {
    if (!here) run.refuse(path, `"${path.text}" climbs out of the template`, "remove a ../");
    here = here.outer;
  }
  if (here) {
    if (
      path.from === "name" &&
      first &&
      !(here.context instanceof Unknown) &&
      !(isMap(here.context) && Object.hasOwn(here.context, first.name))
    ) {
      return strict ? notInContext(run, path, here) : undefined;
    }
    return [here.context, 0, path.up > 0 ? ".." : "this"];
  }
  if (!first)
    return run.refuse(
      path,
      `"${path.text}" has a meaning only inside of {{#each}} and {{#with}}`,
      "name a variable; to pass the braces through write !raw before the value, or \\{{ in a template",
    );
  const value = run.scope.get(first.name);
  if (value !== undefined) return [value, 1, first.name];
  return strict ? undefinedName(run.scope, first.name, run.template.placed.span(first.start, first.end)) : undefined;
}

function data(run: Run, path: Path, frame: Frame | undefined): [Value, number, string] | undefined {
  const [first, second] = path.parts;
  const name = first?.name ?? "";
  if (name === "root") {
    const value = second && run.scope.get(second.name);
    if (value !== undefined) return [value, 2, second?.name ?? ""];
    return second
      ? undefinedName(run.scope, second.name, run.template.placed.span(second.start, second.end))
      : run.refuse(path, "@root needs a name", "write @root.name");
  }
  let up = path.up;
  for (let f = frame; f; f = f.outer) {
    if (f.data.index === undefined || up-- > 0) continue;
    const value = { index: f.data.index, key: f.data.key, first: f.data.first, last: f.data.last }[name];
    if (value !== undefined) return [value, 1, path.text];
  }
  return run.refuse(path, `"${path.text}" has a meaning only inside of {{#each}}`, "open one around it");
}

/** Inside of a block a name is a field of the context; the variable of that name stands outside. */
function notInContext(run: Run, path: Path, frame: Frame): never {
  const name = path.parts[0]?.name ?? "";
  const names = isMap(frame.context) ? Object.keys(frame.context) : [];
  const near = nearest(name, names);
  let ups = "";
  for (let f: Frame | undefined = frame; f; f = f.outer) ups += "../";
  const outside = run.scope.get(name) !== undefined;
  const help = outside
    ? `the variable outside of the block is ${ups}${name}`
    : near
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `it has ${names.slice(0, 12).join(", ")}`
        : "the item itself is {{ this }}";
  return run.refuse(path.parts[0] ?? path, `the context of this block has no "${name}"`, help);
}
