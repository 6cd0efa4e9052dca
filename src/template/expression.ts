import { refuse } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import type { Value } from "../kernel/value.ts";
import { Evaluation } from "./handlebars/evaluate.ts";
import { parseTemplate } from "./handlebars/parse.ts";
import { type Placed, placedIn } from "./position.ts";
import type { Scope } from "./scope.ts";

/** The value of a bare path such as `facts.os.id` or `results.[0].stdout`. Throws Refused. */
export function expression(text: string, at: Span, scope: Scope): Value {
  if (/\{\{|\}\}/.test(text))
    refuse("the name of a variable is wanted here, without braces", at, `write ${text.replace(/\{\{\s*|\s*\}\}/g, "")}`);
  const template = parseTemplate(inBraces(text, at));
  if (template.only?.kind !== "path") refuse("the name of a variable is wanted here", at, "write a name, or a path such as result.stdout");
  return new Evaluation(template, scope).value();
}

function inBraces(text: string, at: Span): Placed {
  const inner = placedIn(at, text);
  return {
    text: `{{${text}}}`,
    source: at.source,
    span: (start, end) => inner.span(Math.max(0, start - 2), Math.max(0, Math.min(end - 2, text.length))),
  };
}
