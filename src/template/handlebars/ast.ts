import type { Value } from "../../kernel/value.ts";
import type { Placed } from "../position.ts";
import type { Helper } from "./helper.ts";

/** A template after checking: every helper exists and has the right number of arguments. */
export interface Template {
  readonly placed: Placed;
  readonly parts: readonly Part[];
  /** Set when the text is one `{{ }}` and nothing else: its value keeps its type. */
  readonly only?: Expression;
}

/** Offsets in the template's text, end exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export type Part = TextPart | ValuePart | IfPart | EachPart | WithPart;

export interface TextPart {
  readonly kind: "text";
  readonly text: string;
}

export interface ValuePart {
  readonly kind: "value";
  readonly of: Expression;
}

export interface IfPart {
  readonly kind: "if";
  readonly test: Expression;
  /** `#unless`. */
  readonly negated: boolean;
  readonly body: readonly Part[];
  readonly otherwise: readonly Part[];
}

export interface EachPart {
  readonly kind: "each";
  readonly over: Expression;
  /** `as |item index|`. */
  readonly names: readonly string[];
  readonly body: readonly Part[];
  readonly otherwise: readonly Part[];
}

export interface WithPart {
  readonly kind: "with";
  readonly value: Expression;
  readonly names: readonly string[];
  readonly body: readonly Part[];
  readonly otherwise: readonly Part[];
}

export type Expression = Literal | Path | Call;

export interface Literal extends Stretch {
  readonly kind: "literal";
  readonly value: Value;
}

export interface Path extends Stretch {
  readonly kind: "path";
  /** `name`: looked up. `this`: starts at the context. `data`: `@index`. */
  readonly from: "name" | "this" | "data";
  /** How many `../` stand before it. */
  readonly up: number;
  readonly parts: readonly (Stretch & { readonly name: string })[];
  readonly text: string;
}

export interface Call extends Stretch {
  readonly kind: "call";
  readonly helper: Helper;
  readonly args: readonly Expression[];
}
