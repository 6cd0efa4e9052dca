import { nearest, refuse } from "../../kernel/diagnostic.ts";
import type { ScalarNode } from "../../kernel/node.ts";
import type { Value } from "../../kernel/value.ts";
import type { Scope } from "../scope.ts";
import { taint } from "../taint.ts";
import * as wording from "../wording.ts";
import { CelEvaluation } from "./evaluate.ts";
import { type Cel, parseCel } from "./parse.ts";

/** The value of a `!cel` scalar; Secret when it read one. Throws Refused. */
export function celValue(node: ScalarNode, scope: Scope): Value {
  const cel = parseCel(node);
  const run = new CelEvaluation(cel, scope);
  const value = run.keep(run.run(cel.ast, new Map()), cel.ast);
  checkUnread(cel, run, cel.names.askedFor);
  return run.secret ? taint(value) : value;
}

/** Names that this evaluation did not come to must exist all the same, unless the expression asks for them by `defined`. */
export function checkUnread(cel: Cel, run: CelEvaluation, askedFor: ReadonlySet<string>): void {
  const unread = cel.names.read.filter((n) => !run.resolved.has(n.name) && !askedFor.has(n.name));
  if (unread.length === 0) return;
  const known = new Set(run.scope.names());
  for (const { name, start, end } of unread) {
    if (!known.has(name))
      refuse(wording.undefinedVariable(name), cel.placed.span(start, end), wording.undefinedHelp(name, nearest(name, known)));
  }
}
