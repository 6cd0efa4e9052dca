import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Refused } from "../kernel/diagnostic.ts";
import { optionsSection, withOptions } from "../manual/optionsTable.ts";
import { nothing } from "../playbook/inherit.ts";
import type { RoleOptions } from "../playbook/model.ts";
import { loadRole } from "../playbook/role.ts";
import { hasError } from "./complain.ts";
import { optionRows } from "./optionRows.ts";
import type { RoleFolder } from "./roleFolders.ts";

/** The manual page of a role: its README with the options as they are now. Throws Refused when the role is wrong. */
export function rolePage(role: RoleFolder): string {
  const readme = readmeOf(role) ?? `# ${role.name}\n`;
  const options = optionsOf(role);
  return options ? withOptions(readme, optionsSection(role.name, options.summary, optionRows(options.fields))) : readme;
}

/** What a role is for, in one sentence: the summary of its options, else the first sentence of its README. */
export function roleSummary(role: RoleFolder): string {
  const summary = optionsOf(role)?.summary;
  if (summary) return summary;
  const lines = (readmeOf(role) ?? "").split("\n").map((l) => l.trim());
  return lines.find((l) => l !== "" && !l.startsWith("#") && !l.startsWith("<!--")) ?? "";
}

function readmeOf(role: RoleFolder): string | undefined {
  try {
    return readFileSync(join(role.dir, "README.md"), "utf8");
  } catch {
    return undefined;
  }
}

/** Read as an include_role from the folder that holds roles/ would read it. */
function optionsOf({ name, dir }: RoleFolder): RoleOptions | undefined {
  const at = { source: { path: dir, text: name }, start: 0, end: name.length };
  const { role, diagnostics } = loadRole(name, nothing, at, resolve(dir, "../.."));
  if (hasError(diagnostics)) throw new Refused(...diagnostics);
  return role?.options;
}
