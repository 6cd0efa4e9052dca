import { refuse } from "../../kernel/diagnostic.ts";
import type { Value } from "../../kernel/value.ts";
import { isMap } from "../../kernel/value.ts";
import { kindOf } from "../kind.ts";

/** One argument of a helper, for the manual and for messages. */
export interface HelperArgument {
  readonly name: string;
  readonly takes: "text" | "number" | "list" | "map" | "boolean" | "anything" | "list or map" | "text, list or map";
  readonly optional?: true;
  /** Any number of them. Only the last one. */
  readonly rest?: true;
}

/** One helper as a record: the check, the evaluation and the manual come from it. */
export interface Helper {
  readonly name: string;
  readonly args: readonly HelperArgument[];
  readonly summary: string;
  /** A template without variables, and what it gives. */
  readonly example: { readonly write: string; readonly gives: string };
  /** From plain values: Secrets were opened, nothing is Unknown. */
  readonly run?: (args: Arguments) => Value;
  /** Hands values through as they are, Secrets and Unknowns inside of them included. */
  readonly pick?: (args: Arguments) => Value;
  /** Has its own way of evaluating its arguments: `default`, `defined`, `and`, `or`, `lookup`, `secret`. */
  readonly special?: "default" | "defined" | "and" | "or" | "lookup" | "secret";
}

/** The arguments of one call, taken by position and type; a wrong type is refused with the helper's name. */
export class Arguments {
  readonly #helper: string;
  readonly #declared: readonly HelperArgument[];
  readonly values: readonly Value[];

  constructor(helper: Helper, values: readonly Value[]) {
    this.#helper = helper.name;
    this.#declared = helper.args;
    this.values = values;
  }

  any(i: number): Value {
    return this.values[i] ?? null;
  }

  /** Numbers and booleans are written out. */
  text(i: number, otherwise?: string): string {
    const value = this.values[i];
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return this.#wrong(i, "a text");
  }

  number(i: number, otherwise?: number): number {
    const value = this.values[i];
    if (value === undefined && otherwise !== undefined) return otherwise;
    return typeof value === "number" ? value : this.#wrong(i, "a number");
  }

  list(i: number): readonly Value[] {
    const value = this.values[i];
    return Array.isArray(value) ? (value as readonly Value[]) : this.#wrong(i, "a list");
  }

  map(i: number): { readonly [key: string]: Value } {
    const value = this.values[i];
    return isMap(value) ? value : this.#wrong(i, "a map");
  }

  /** Texts of a list whose items are texts, numbers or booleans. */
  texts(i: number): readonly string[] {
    return this.list(i).map((item) => {
      if (typeof item === "string") return item;
      if (typeof item === "number" || typeof item === "boolean") return String(item);
      return refuse(`${this.#helper}: an item of "${this.#name(i)}" is ${kindOf(item)}, wanted a text`);
    });
  }

  #name(i: number): string {
    return this.#declared[Math.min(i, this.#declared.length - 1)]?.name ?? String(i + 1);
  }

  #wrong(i: number, wanted: string): never {
    return refuse(`${this.#helper}: "${this.#name(i)}" is ${kindOf(this.any(i))}, wanted ${wanted}`);
  }
}

/** How the helper is written: `join list [separator]`. */
export function signature(helper: Helper): string {
  return [helper.name, ...helper.args.map((a) => (a.rest ? `${a.name}...` : a.optional ? `[${a.name}]` : a.name))].join(" ");
}
