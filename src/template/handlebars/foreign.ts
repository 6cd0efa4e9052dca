import { refuse } from "../../kernel/diagnostic.ts";
import type { Placed } from "../position.ts";
import { goForm } from "./goForms.ts";
import { jinjaForm } from "./jinjaForms.ts";
import { jinjaTagHelp } from "./jinjaTags.ts";
import type { Mustache } from "./mustaches.ts";

/** Refuses a `{{ }}` in the manner of Jinja, Go or Python with our spelling. */
export function refuseForeign(mustache: Mustache, placed: Placed): void {
  if (/^[>*!]/.test(mustache.inner)) return;
  const answer = goForm(mustache) ?? jinjaForm(mustache);
  if (!answer) return;
  const { inner, innerStart } = mustache;
  const start = innerStart + (answer.at ?? inner.length - inner.trimStart().length);
  const end = answer.length === undefined ? innerStart + inner.trimEnd().length : start + answer.length;
  if (placed.source.secret) refuse("this {{ }} does not parse", placed.span(start, end), "what may stand in it is in docs/templates.md");
  refuse(answer.message, placed.span(start, end), answer.help);
}

/** Refuses `{% %}` and `{# #}`, which are Jinja's. */
export function refuseJinjaTags(placed: Placed): void {
  const { text } = placed;
  const tag = /\{%-?\s*(\w+)\b[^%]*%\}/.exec(text);
  if (tag) refuse(`{% ${tag[1] ?? ""} %} is Jinja`, placed.span(tag.index, tag.index + tag[0].length), jinjaTagHelp(tag[1] ?? ""));
  const comment = /(?<!\$)\{# [^\n]*? #\}/.exec(text);
  if (comment) refuse("{# #} is Jinja", placed.span(comment.index, comment.index + comment[0].length), "a comment is {{!-- ... --}}");
}
