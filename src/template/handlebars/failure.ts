import { refuse } from "../../kernel/diagnostic.ts";
import type { Placed } from "../position.ts";
import { parse } from "./library.ts";
import type { Mustache } from "./mustaches.ts";

/** Finds out why Handlebars could not parse the text, and refuses it there. */
export function explainFailure(placed: Placed, found: readonly Mustache[]): never {
  if (placed.source.secret)
    refuse("a {{ }} of this text does not parse", placed.span(0, 0), "what may stand in it is in docs/templates.md");
  for (const mustache of found) refuseBroken(mustache, placed);
  refuseUnbalanced(found, placed);
  return refuse("the {{ }} of this text do not parse", placed.span(0, 0), "see docs/templates.md for what may stand in them");
}

/** One `{{ }}` that cannot be parsed by itself. */
function refuseBroken(mustache: Mustache, placed: Placed): void {
  const { inner, innerStart, start, end, closed } = mustache;
  if (!closed)
    refuse(
      "{{ is not closed, or goes on for more than 4000 characters",
      placed.span(start, start + 2),
      "close it with }} on the same line; for braces that stay write !raw before the value, or \\{{ in a template",
    );
  if (inner.trim() === "") refuse("there is nothing in this {{ }}", placed.span(start, end), "name a variable: {{ name }}");
  const kind = /^\s*([#^/]|else\b|[>*&])?/.exec(inner)?.[1] ?? "";
  if (kind === "/" || (kind === "else" && inner.trim() === "else") || kind === "^") return;
  const name = /^\s*#\s*([^\s}]*)/.exec(inner)?.[1] ?? "";
  if (kind === "#" && name === "")
    refuse("a block without a name", placed.span(start, end), "the blocks are {{#if}}, {{#unless}}, {{#each}}, {{#with}}");
  const open = placed.text.slice(start, end);
  const whole = kind === "#" ? `${open}{{/${name}}}` : kind === "else" ? `{{#if x}}${open}{{/if}}` : open;
  if (parses(whole)) return;
  const trimmed = inner.trim();
  const from = innerStart + inner.indexOf(trimmed);
  const help = /[^\s\w.@/[\]"'()|=-]/.test(mustache.blanked)
    ? "names are of letters, digits and _; a key with other characters stands in brackets: a.[my key]; a text stands in quotes"
    : "write {{ name }}, {{ name.field }} or {{ helper argument }}; an inner helper stands in round brackets";
  refuse(`{{ ${trimmed} }} does not parse`, placed.span(from, from + trimmed.length), help);
}

/** A block that is not closed, or closed by another name. */
function refuseUnbalanced(found: readonly Mustache[], placed: Placed): void {
  const open: { readonly name: string; readonly mustache: Mustache }[] = [];
  for (const mustache of found) {
    const [, mark = "", name = ""] = /^\s*([#^/]|else\b)?\s*([^\s}]*)/.exec(mustache.inner) ?? [];
    const at = placed.span(mustache.start, mustache.end);
    if (mark === "#" || (mark === "^" && name !== "")) open.push({ name, mustache });
    else if (mark === "else" || mark === "^") {
      if (open.length === 0) refuse("{{else}} stands outside of a block", at, "open one before it: {{#if name}}");
    } else if (mark === "/") {
      const last = open.pop();
      if (!last) refuse(`{{/${name}}} closes nothing`, at, `open it first: {{#${name} ...}}`);
      if (last.name !== name) refuse(`{{/${name}}} stands where {{#${last.name}}} must be closed`, at, `write {{/${last.name}}}`);
    }
  }
  const last = open.pop();
  if (last)
    refuse(`{{#${last.name}}} is not closed`, placed.span(last.mustache.start, last.mustache.end), `write {{/${last.name}}} behind it`);
}

function parses(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
