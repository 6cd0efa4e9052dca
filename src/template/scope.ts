import { nearest, refuse } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import type { Value } from "../kernel/value.ts";
import * as wording from "./wording.ts";

/** Where a `lookup` or `secret` helper may look. */
export type LookupKind = "env" | "file" | "secret_env" | "secret_file";

/** The variables that a value, template or condition may read. A name that is not read is never asked for. */
export interface Scope {
  /** undefined for "not defined"; may throw Refused. */
  get(name: string): Value | undefined;
  names(): Iterable<string>;
  /** Throws Refused when there is nothing; a diagnostic without a place gets that of the helper. */
  lookup?(kind: LookupKind, name: string): Value;
}

/** The variable, or a Refused at the name that says which one was probably meant. */
export function variable(scope: Scope, name: string, at: Span): Value {
  const value = scope.get(name);
  return value === undefined ? undefinedName(scope, name, at) : value;
}

/** Refuses a name that is not defined. */
export function undefinedName(scope: Scope, name: string, at: Span): never {
  refuse(wording.undefinedVariable(name), at, wording.undefinedHelp(name, nearest(name, scope.names())));
}
