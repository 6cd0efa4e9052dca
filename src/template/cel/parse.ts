import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { refuse } from "../../kernel/diagnostic.ts";
import type { ScalarNode } from "../../kernel/node.ts";
import { once } from "../once.ts";
import { type Placed, placedScalar } from "../position.ts";
import { refuseForeign } from "./foreign.ts";
import { type Names, namesOf } from "./names.ts";

/** A parsed expression. */
export interface Cel {
  readonly placed: Placed;
  readonly ast: ASTNode;
  readonly names: Names;
}

const longest = 4000;
const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
const parsed = new WeakMap<ScalarNode, Cel>();

/** Parses the text of a scalar as CEL. Throws Refused, for forms of other languages with our spelling. */
export function parseCel(node: ScalarNode): Cel {
  return once(parsed, node, () => parse(placedScalar(node)));
}

function parse(placed: Placed): Cel {
  const { text } = placed;
  if (text.trim() === "") refuse("the expression is empty", placed.span(0, 0), 'write a condition, such as facts.os.id == "debian"');
  if (text.length > longest)
    refuse(`the expression has more than ${longest} characters`, placed.span(0, 1), "compute a part of it in a variable: NAME: !cel ...");
  refuseForeign(placed);
  try {
    const { ast } = environment.parse(text);
    return { placed, ast, names: namesOf(ast) };
  } catch (error) {
    if (error instanceof ParseError) return broken(placed, error);
    if (error instanceof RangeError)
      return refuse("the expression is nested too deep", placed.span(0, text.length), "compute a part of it in a variable: NAME: !cel ...");
    throw error;
  }
}

const tokens: Readonly<Record<string, string>> = {
  EOF: "the end",
  RPAREN: ")",
  LPAREN: "(",
  RBRACKET: "]",
  LBRACKET: "[",
  RBRACE: "}",
  LBRACE: "{",
  COMMA: ",",
  COLON: ":",
  QUESTION: "?",
  DOT: ".",
  IDENTIFIER: "a name",
  EQ: "==",
  STRING: "a text",
  NUMBER: "a number",
  PLUS: "+",
  MINUS: "-",
  MULTIPLY: "*",
  DIVIDE: "/",
  AND: "&&",
  OR: "||",
};

function broken(placed: Placed, error: ParseError): never {
  const { start, end } = error.range ?? { start: 0, end: placed.text.length };
  const summary = error.summary.replace(/\b[A-Z]{2,}\b/g, (t) => tokens[t] ?? t.toLowerCase());
  const message = `this does not parse as CEL: ${placed.source.secret ? error.code : summary.charAt(0).toLowerCase() + summary.slice(1)}`;
  refuse(
    message,
    placed.span(Math.min(start, placed.text.length), Math.max(end, start + 1)),
    'a condition reads like: facts.os.id == "debian" && size(list) > 0',
  );
}
