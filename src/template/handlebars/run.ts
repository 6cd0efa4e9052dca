import type { Value } from "../../kernel/value.ts";
import type { Scope } from "../scope.ts";
import type { Expression, Stretch, Template } from "./ast.ts";
import type { Frame } from "./frame.ts";

/** What the parts of the evaluator see of an evaluation. */
export interface Run {
  readonly scope: Scope;
  readonly template: Template;
  /** A Secret was looked into: what is written is secret. */
  secret: boolean;
  expression(expression: Expression, frame: Frame | undefined): Value;
  /** The value, or undefined where a name or field of it is not defined. */
  maybe(expression: Expression, frame: Frame | undefined): Value | undefined;
  refuse(at: Stretch, message: string, help?: string): never;
}
