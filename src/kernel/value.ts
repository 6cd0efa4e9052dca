import { inspect } from "node:util";
import { rememberSecret } from "./scrub.ts";

/** What a variable, an argument or a result can be. */
export type Value = null | boolean | number | string | Unknown | Secret | readonly Value[] | { readonly [key: string]: Value };

/** What is known of a value that is not there yet: enough to find a misspelt field before anything is connected. */
export type Shape =
  | { readonly kind: "any" | "string" | "number" | "boolean" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly fields: { readonly [name: string]: Shape } };

export const anyShape: Shape = { kind: "any" };

/** A value that only acting can reveal. It flows through templates and conditions and names the task that it waits for. */
export class Unknown {
  /** The task to wait for, as a person knows it: `nginx : Install nginx`. */
  readonly waitsFor: string;
  readonly shape: Shape;
  constructor(waitsFor: string, shape: Shape = anyShape) {
    this.waitsFor = waitsFor;
    this.shape = shape;
  }
  toString(): string {
    return "(known after apply)";
  }
  toJSON(): string {
    return this.toString();
  }
}

/** A value that is there, but not whole: whoever uses it fails, and is told why. */
export class Cut extends Unknown {
  readonly why: string;
  constructor(task: string, why: string) {
    super(task);
    this.why = why;
  }
}

/** A text that no output may hold. Whatever is derived from it is a Secret again. */
export class Secret {
  readonly #text: string;
  /** `derived`: made from another secret, such as a rendered file; its lines are then not secrets of their own. */
  constructor(text: string, derived = false) {
    this.#text = text;
    rememberSecret(text, derived);
  }
  /** The plain text, for stdin and file contents only. */
  reveal(): string {
    return this.#text;
  }
  toString(): string {
    return "********";
  }
  toJSON(): string {
    return this.toString();
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

export function isMap(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown) && !(value instanceof Secret);
}

/** The first Unknown inside the value, or undefined when all of it is known. */
export function firstUnknown(value: unknown): Unknown | undefined {
  if (value instanceof Unknown) return value;
  for (const part of parts(value)) {
    const found = firstUnknown(part);
    if (found) return found;
  }
  return undefined;
}

export function holdsSecret(value: unknown): boolean {
  return value instanceof Secret || parts(value).some(holdsSecret);
}

/** The same value with every Secret in it as plain text: for what is sent, since JSON would make stars of them. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, revealed(part)]));
}

function parts(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null || value instanceof Secret || value instanceof Unknown) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : [];
}
