import { type Diagnostic, nearest, refuse } from "../kernel/diagnostic.ts";
import type { Node } from "../kernel/node.ts";
import { Problems } from "../kernel/problems.ts";
import type { Span } from "../kernel/span.ts";
import { isMap, Unknown, type Value } from "../kernel/value.ts";
import type { Option, Role } from "./model.ts";
import { checkValue } from "./optioncheck.ts";
import { isNull, type KeyedPiece, type Merging, openAll, type Piece, pieceValue } from "./optionpieces.ts";

/** What one level of variables says about the options of a role: `group_vars/all.yml` and the map under the role's name. */
export interface GivenOptions {
  readonly node: Node;
  readonly origin: string;
}

/** The options of a role for one host, complete with defaults, or what is wrong with them. */
export interface MergedOptions {
  readonly value: Readonly<Record<string, Value>>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Merges what the levels say (low to high) along the role's options: objects and maps are merged key by key, everything
 * else is replaced; null takes back what lower levels said, so that the default counts again. Every value is checked; Unknown values pass.
 */
export function mergeOptions(role: Role, given: readonly GivenOptions[], resolve: (node: Node) => Value): MergedOptions {
  const merging: Merging = { problems: new Problems(), resolve };
  const { options } = role;
  if (!options) return { value: {}, diagnostics: [] };
  const pieces = given.map(({ node }): Piece => ({ is: { node }, at: node.at }));
  const value = merging.problems.attempt(() => mergeObject(options.fields, pieces, role.name, options.at, merging));
  return { value: isMap(value) ? value : {}, diagnostics: merging.problems.diagnostics };
}

function mergeOne(option: Option, pieces: readonly Piece[], path: string, place: Span, merging: Merging): Value {
  const said = pieces.slice(pieces.findLastIndex(isNull) + 1);
  const live = option.default ? [{ is: { node: option.default }, at: option.default.at }, ...said] : said;
  const last = live.at(-1);
  if (!last) {
    if (option.required) return refuse(`the option "${path}" is required and nothing sets it`, place, requiredHelp(option, path));
    return emptyOf(option, path, merging);
  }
  if (option.type === "object") return mergeObject(option.fields ?? {}, live, path, last.at, merging);
  if (option.type === "map") return mergeMap(option, live, path, merging);
  return checkPiece(option, last, path, merging);
}

/** A list or map that nobody sets is empty, an object has its defaults, everything else is null. */
function emptyOf(option: Option, path: string, merging: Merging): Value {
  if (option.type === "list") return [];
  if (option.type === "map") return {};
  if (option.type !== "object") return null;
  const fields = Object.values(option.fields ?? {});
  return fields.some((f) => f.required) ? null : mergeObject(option.fields ?? {}, [], path, option.at, merging);
}

function mergeObject(
  fields: Readonly<Record<string, Option>>,
  pieces: readonly Piece[],
  path: string,
  place: Span,
  merging: Merging,
): Value {
  const open = openAll(pieces, path, merging);
  if (open instanceof Unknown) return open;
  for (const entries of open) {
    for (const e of entries) if (!Object.hasOwn(fields, e.key)) merging.problems.attempt(() => refuseField(e, path, Object.keys(fields)));
  }
  const at = pieces.at(-1)?.at ?? place;
  const merged: [string, Value][] = [];
  for (const [name, option] of Object.entries(fields)) {
    const said = open.flatMap((entries) => entries.filter((e) => e.key === name).map((e) => e.piece));
    const value = merging.problems.attempt(() => mergeOne(option, said, `${path}.${name}`, at, merging));
    if (value !== undefined) merged.push([name, value]);
  }
  return Object.fromEntries(merged);
}

function mergeMap(option: Option, pieces: readonly Piece[], path: string, merging: Merging): Value {
  const open = openAll(pieces, path, merging);
  if (open instanceof Unknown) return open;
  const keys = new Map<string, Piece[]>();
  for (const { key, piece } of open.flat()) {
    if (isNull(piece)) keys.delete(key);
    else keys.set(key, [...(keys.get(key) ?? []), piece]);
  }
  const of = option.of;
  const merged: [string, Value][] = [];
  for (const [key, said] of keys) {
    const last = said.at(-1);
    const value = last && of && merging.problems.attempt(() => mergeOne(of, said, `${path}.${key}`, last.at, merging));
    if (value !== undefined) merged.push([key, value]);
  }
  const at = pieces.at(-1)?.at;
  const result = Object.fromEntries(merged);
  checkValue({ ...option, type: "map" }, result, path, at);
  return result;
}

function refuseField(entry: KeyedPiece, path: string, known: readonly string[]): never {
  const near = nearest(entry.key, known);
  return refuse(
    `"${path}" has no option "${entry.key}"`,
    entry.keyAt,
    near ? `did you mean "${near}"?` : `its options are: ${known.join(", ")}`,
  );
}

function requiredHelp(option: Option, path: string): string {
  const [role = path, ...rest] = path.split(".");
  const sample =
    option.choices?.[0] ??
    (option.type === "string" ? "..." : option.type === "boolean" ? "true" : option.type === "list" ? "[...]" : "...");
  const inner = rest.reduceRight((value, key) => `{ ${key}: ${value} }`, String(sample));
  return `${option.description ? `${option.description} ` : ""}Set it in group_vars or host_vars: ${role}: ${inner}`;
}

/** Lists are checked item by item, at the place of the item where it is written out. */
function checkPiece(option: Option, piece: Piece, path: string, merging: Merging): Value {
  const of = option.of;
  const node = "node" in piece.is ? piece.is.node : undefined;
  if (option.type === "list" && of && node?.kind === "seq") {
    const items = node.items.map((item, i) => mergeOne(of, [{ is: { node: item }, at: item.at }], `${path}[${i}]`, item.at, merging));
    return checkValue(option, items, path, piece.at);
  }
  const value = pieceValue(piece, merging);
  if (option.type === "list" && of && Array.isArray(value)) {
    const items = (value as readonly Value[]).map((item, i) =>
      mergeOne(of, [{ is: { value: item }, at: piece.at }], `${path}[${i}]`, piece.at, merging),
    );
    return checkValue(option, items, path, piece.at);
  }
  if (value === null)
    return option.required ? refuse(`the option "${path}" is required, this is nothing`, piece.at) : emptyOf(option, path, merging);
  return checkValue(option, value, path, piece.at);
}
