import type { Node } from "../kernel/node.ts";
import type { OptionRow } from "../manual/optionsTable.ts";
import type { Option } from "../playbook/model.ts";

/** Options as rows, flat: `listen.port` for the field of an object, `sites[].name` for that of a list's items. */
export function optionRows(fields: Readonly<Record<string, Option>>, under = ""): OptionRow[] {
  return Object.entries(fields).flatMap(([name, option]) => {
    const path = under + name;
    const row: OptionRow = {
      path,
      type: typeText(option),
      required: option.required,
      description: option.description,
      secret: option.secret,
      ...(option.default && { default: textOf(option.default) }),
      ...(option.choices && { choices: option.choices }),
    };
    return [row, ...below(option, path)];
  });
}

function below(option: Option, path: string): OptionRow[] {
  if (option.fields) return optionRows(option.fields, `${path}.`);
  if (!option.of) return [];
  return below(option.of, option.type === "list" ? `${path}[]` : `${path}.NAME`);
}

function typeText(option: Option): string {
  const of = option.of ? ` of ${typeText(option.of)}` : "";
  const { min, max } = option;
  const bounds = min !== undefined || max !== undefined ? ` (${[min ?? "", max ?? ""].join("..")})` : "";
  return option.type + of + bounds;
}

/** The default as written, when it fits a cell. */
function textOf(node: Node): string {
  const text = node.at.source.text.slice(node.at.start, node.at.end).trim();
  return text.includes("\n") || text.length > 60 ? "see meta/options.yml" : text;
}
