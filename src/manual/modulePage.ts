import type { Module } from "../kernel/module.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { argumentSchema, outputSchema } from "./jsonSchema.ts";
import { code, generated, markdownTable, page } from "./markdown.ts";

/** The manual page of a module, from its record. */
export function modulePage(module: Module): string {
  const results = fieldsOf(outputSchema(module.result));
  return page(
    generated,
    `# ${module.name}`,
    module.summary,
    ...module.notes,
    kindText[module.kind],
    module.undoable ? "May stand in a [guarded block](../guard.md): what it does is put back when the host is shut." : "",
    module.aliases.length > 0 ? `Other names: ${module.aliases.map(code).join(", ")}.` : "",
    writtenShort(module),
    "## Arguments",
    argumentTable(fieldsOf(argumentSchema(module))),
    module.secretArgs.length > 0 ? `Never shown: ${module.secretArgs.map(code).join(", ")}.` : "",
    module.examples.length > 0 ? "## Examples" : "",
    ...module.examples.map((e) => `${e.title}:\n\n\`\`\`yaml\n${example(e.yaml)}\n\`\`\``),
    "## Result",
    "What `register` gets, beside `changed`, `failed`, `skipped` and `msg`, which every result has.",
    results.length > 0
      ? markdownTable(
          ["field", "type", "meaning"],
          results.map((f) => [code(f.name), f.type, f.description]),
        )
      : "Nothing more.",
  );
}

/** The page that lists all modules. */
export function moduleIndex(modules: readonly Module[]): string {
  const sorted = [...modules].sort((a, b) => (a.name < b.name ? -1 : 1));
  return page(
    generated,
    "# Modules",
    "Each one describes a task's state, action or question. `rempart doc NAME` prints a page on the terminal.",
    markdownTable(
      ["module", "what it does"],
      sorted.map((m) => [`[${m.name}](${m.name}.md)`, m.summary]),
    ),
  );
}

const kindText = {
  state: "Declares a state: nothing is done when it holds already, and a difference that is left after acting fails the task.",
  action: "Does something: the result is proved, not compared.",
  question: "Asks or decides only: it changes nothing.",
};

function writtenShort(module: Module): string {
  const short: string[] = [];
  if (module.freeForm !== undefined) short.push(`A bare text stands for ${code(module.freeForm)}: \`${module.name}: ...\`.`);
  if (module.keyValue) short.push(`The arguments may be written as \`${module.name}: name=value ...\` too.`);
  return short.join(" ");
}

function argumentTable(fields: readonly Field[]): string {
  if (fields.length === 0) return "None.";
  const need = (f: Field): string => (f.required ? "required" : f.default !== undefined ? code(f.default) : "");
  return markdownTable(
    ["argument", "type", "default", "meaning"],
    fields.map((f) => [code(f.name), f.type, need(f), f.description]),
  );
}

function example(yaml: string): string {
  const [first, ...rest] = yaml.trimEnd().split("\n");
  return [`- ${first}`, ...rest.map((line) => (line === "" ? line : `  ${line}`))].join("\n");
}
