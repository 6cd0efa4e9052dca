import { nearest } from "../kernel/diagnostic.ts";
import { isMap, type Shape, Unknown, type Value } from "../kernel/value.ts";
import { kindOf } from "./kind.ts";
import * as wording from "./wording.ts";

/** Why there is nothing at a field: it is missing, or the value cannot have fields. */
export interface NoField {
  readonly message: string;
  readonly help: string;
}

/**
 * Reads `value.field` or `value[index]`. Only own properties of plain data are seen. On an Unknown its shape answers.
 * `owner` is the path so far, for messages.
 */
export function field(value: Value, name: string, owner: string): { readonly value: Value } | NoField {
  if (value instanceof Unknown) return fieldOfShape(value, name, owner);
  if (Array.isArray(value)) return itemOf(value as readonly Value[], name, owner);
  if (isMap(value)) {
    if (Object.hasOwn(value, name)) return { value: value[name] ?? null };
    return missing(name, owner, Object.keys(value));
  }
  return unreadable(name, owner, kindOf(value));
}

function itemOf(list: readonly Value[], name: string, owner: string): { readonly value: Value } | NoField {
  if (!/^\d+$/.test(name)) {
    const help =
      name === "length" || name === "size"
        ? `write (length ${owner}) in {{ }}, size(${owner}) in a condition`
        : `name an item: ${owner}.[0]`;
    return { message: wording.notReadable(name, owner, "a list"), help };
  }
  const item = list[Number(name)];
  return item === undefined
    ? { message: `there is no item ${name}: ${wording.outOfList(owner, list.length)}`, help: "check the number, or loop over the list" }
    : { value: item };
}

function fieldOfShape(unknown: Unknown, name: string, owner: string): { readonly value: Value } | NoField {
  const { shape, waitsFor } = unknown;
  const of = (inner: Shape): { readonly value: Value } => ({ value: new Unknown(waitsFor, inner) });
  switch (shape.kind) {
    case "any":
      return of(shape);
    case "map":
      return of(shape.of);
    case "list":
      return /^\d+$/.test(name) ? of(shape.of) : unreadable(name, owner, "a list");
    case "object": {
      const inner = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
      return inner ? of(inner) : missing(name, owner, Object.keys(shape.fields));
    }
    default:
      return unreadable(name, owner, shape.kind === "string" ? "a text" : `a ${shape.kind}`);
  }
}

function missing(name: string, owner: string, names: readonly string[]): NoField {
  return { message: wording.noField(name, owner), help: wording.noFieldHelp(nearest(name, names), names) };
}

function unreadable(name: string, owner: string, kind: string): NoField {
  return { message: wording.notReadable(name, owner, kind), help: kind === "null" ? `give "${owner}" a value` : `use "${owner}" alone` };
}
