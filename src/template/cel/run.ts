import type { ASTNode } from "@marcbachmann/cel-js";
import type { Unknown, Value } from "../../kernel/value.ts";
import type { Scope } from "../scope.ts";
import type { Misapplied } from "./operators.ts";
import type { CelValue } from "./plain.ts";

/** Names bound by `all`, `map` and the like. */
export type Bound = ReadonlyMap<string, Value>;

/** What the parts of the evaluator see of an evaluation. */
export interface CelRun {
  readonly scope: Scope;
  /** A Secret was looked into. */
  secret: boolean;
  run(node: ASTNode, bound: Bound): CelValue;
  /** A condition inside of an expression: true, false or Unknown. */
  holds(node: ASTNode, bound: Bound): boolean | Unknown;
  /** What an item of a list or map becomes. */
  keep(value: CelValue, node: ASTNode): Value;
  /** The value, or a refusal where an operator or function could not be applied. */
  checked(value: CelValue | Misapplied, node: ASTNode): CelValue;
  /** The expression as written. */
  text(node: ASTNode): string;
  refuse(node: { readonly start: number; readonly end: number }, message: string, help?: string): never;
}
