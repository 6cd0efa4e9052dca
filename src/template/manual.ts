import { celFunctions, celMacros } from "./cel/functions.ts";
import { helpers } from "./handlebars/allHelpers.ts";
import { signature } from "./handlebars/helper.ts";

/** The manual page of values, templates and conditions; docs/templates.md is this text. */
export function templateManual(): string {
  const helperRows = helpers.map(
    (h) =>
      `| \`${cell(signature(h))}\` | ${cell(h.summary)} | \`${cell(h.example.write)}\` | ${h.example.gives === "" ? "" : `\`${cell(h.example.gives)}\``} |`,
  );
  const functionRows = celFunctions.map(
    (f) => `| \`${f.name}\` | ${cell(f.summary)} | \`${cell(f.example.write)}\` | \`${cell(f.example.gives)}\` |`,
  );
  const macroRows = celMacros.map((m) => `| \`${m.name}\` | ${cell(m.summary)} | \`${cell(m.write)}\` | |`);
  return [
    intro,
    "## Helpers",
    "",
    "| helper | what it gives | example | result |",
    "|---|---|---|---|",
    ...helperRows,
    "",
    conditions,
    "| function | what it gives | example | result |",
    "|---|---|---|---|",
    ...functionRows,
    ...macroRows,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("\n", "↵").replaceAll("|", "\\|");
}

const intro = `# Values, templates and conditions

This page is made from the records in src/template.

## Values and templates

\`{{ }}\` in any value, and in \`*.hbs\` files, is Handlebars without HTML escaping.

- \`{{ name }}\`, \`{{ a.b }}\`, \`{{ list.[0] }}\`, \`{{ map.[key with space] }}\`. A name that is not defined is an error, in \`#if\` too.
- A value that is one \`{{ }}\` keeps its type. Inside of text stand texts, numbers and booleans; a list, a map and null are errors.
- \`{{ helper argument }}\`; an inner helper stands in round brackets: \`{{ upper (first list) }}\`. In a text literal \`\\n\` and \`\\t\` are a line break and a tab.
- \`{{#if x}} {{else if y}} {{else}} {{/if}}\`, \`{{#unless x}}\`: false, null, 0, and the empty text, list and map do not hold.
- \`{{#each list as |item index|}} {{else}} {{/each}}\` goes over lists and maps, with \`this\`, \`@index\`, \`@key\`, \`@first\`, \`@last\`. Inside, a name is a field of the item; a variable outside is \`../name\` or \`@root.name\`.
- \`{{#with map}} {{/with}}\`.
- \`{{!-- comment --}}\`; \`{{~ x ~}}\` removes the white space around it. A line that holds a block's tag only leaves no line behind.
- Braces that stay: \`!raw\` before a value, \`\\{{\` in a template.
- \`!cel\` before a value computes it: \`next: !cel port + 1\`.
- What a secret went into is secret. What waits for a task is known after apply.
`;

const conditions = `## Conditions

\`when\`, \`changed_when\`, \`failed_when\`, \`that\` and \`!cel\` are CEL (Common Expression Language): \`facts.os.id == "debian" && size(list) > 0\`.

- \`&&\`, \`||\`, \`!\`, \`==\`, \`!=\`, \`<\`, \`<=\`, \`>\`, \`>=\`, \`in\`, \`+\`, \`-\`, \`*\`, \`/\`, \`%\`, \`a ? b : c\`. A list of conditions means all of them.
- The result must be true or false. A number is not compared with a text: \`int(t)\`, \`string(n)\`. Dividing whole numbers gives a whole number.
- Every name must be defined, unless the condition asks for it: \`defined("x") && x > 1\`.
- What is not known yet is passed over when the other side of \`&&\` or \`||\` decides.
`;
