import type { SourceFile } from "../kernel/span.ts";
import { Secret, type Unknown } from "../kernel/value.ts";
import type { Template } from "./handlebars/ast.ts";
import { Evaluation } from "./handlebars/evaluate.ts";
import { parseTemplate } from "./handlebars/parse.ts";
import { once } from "./once.ts";
import { placedFile } from "./position.ts";
import type { Scope } from "./scope.ts";

const templates = new WeakMap<SourceFile, Template>();

/** The text of a whole template file. Secret when it read one; Unknown when a value is not there yet. Throws Refused. */
export function renderTemplate(source: SourceFile, scope: Scope): string | Secret | Unknown {
  const text = new Evaluation(checkTemplate(source), scope).text();
  return source.secret && typeof text === "string" ? new Secret(text) : text;
}

/** Parses a template file without rendering it. Throws Refused. */
export function checkTemplate(source: SourceFile): Template {
  return once(templates, source, () => parseTemplate(placedFile(source)));
}
