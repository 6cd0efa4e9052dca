import { code, markdownTable } from "./markdown.ts";

/** One option of a role, flat: `listen.port` for a field of an object. */
export interface OptionRow {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  /** As YAML; undefined without one. */
  readonly default?: string;
  readonly description: string;
  readonly choices?: readonly (string | number)[];
  readonly secret: boolean;
}

const begin = "<!-- options: written by `npm run docs` from meta/options.yml -->";
const end = "<!-- end of options -->";

/** The section of a role's README that lists its options. */
export function optionsSection(role: string, summary: string, options: readonly OptionRow[]): string {
  const rows = options.map((o) => [
    code(o.path),
    typeText(o),
    o.required ? "required" : code(o.default ?? ""),
    o.description + (o.secret ? " Secret." : ""),
  ]);
  const table = rows.length > 0 ? markdownTable(["option", "type", "default", "meaning"], rows) : "None.";
  return [begin, "## Options", `${summary} They live under \`${role}:\` in any variables.`, table, end].join("\n\n");
}

/** The README with the section renewed, or appended when it has none. */
export function withOptions(readme: string, section: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from >= 0 && to > from) return readme.slice(0, from) + section + readme.slice(to + end.length);
  return `${readme.trimEnd()}\n\n${section}\n`;
}

function typeText(o: OptionRow): string {
  return o.choices ? o.choices.map(String).join(" | ") : o.type;
}
