import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { SourceFile } from "../kernel/span.ts";

/** Ansible's INI inventory or an inventory script, answered with the same hosts as YAML; undefined for anything else. */
export function foreignInventory(source: SourceFile): Diagnostic | undefined {
  const { text } = source;
  const at = { source, start: 0, end: Math.max(text.indexOf("\n"), 1) };
  if (text.startsWith("#!")) {
    return {
      severity: "error",
      message: "inventory scripts are not run",
      at,
      help: "write the hosts into a YAML file: all: { hosts: { NAME: {} } }",
    };
  }
  const lines = text.split("\n").map((l) => l.trim());
  const meaningful = lines.filter((l) => l !== "" && !l.startsWith("#") && !l.startsWith(";"));
  const [first = ""] = meaningful;
  const section = /^\[[\w.:-]+\]/.test(first);
  const hostLine = /^[\w.[\]:-]+(\s+\w+=\S+)*$/.test(first) && !/:(\s|$)/.test(first) && !first.startsWith("- ") && first !== "---";
  if (!section && !hostLine) return undefined;
  const start = text.indexOf(first);
  return {
    severity: "error",
    message: "this is an inventory in Ansible's INI form; Rempart reads YAML",
    at: { source, start, end: start + first.length },
    help: `write it as YAML, for example:\n${asYaml(meaningful)}`,
  };
}

/** The first few hosts, translated. */
function asYaml(lines: readonly string[]): string {
  const out: string[] = [];
  let group = "ungrouped";
  let opened: string | undefined;
  for (const line of lines) {
    const section = /^\[([^\]:]+)(:\w+)?\]/.exec(line);
    if (section?.[2]) break;
    if (section) group = section[1] ?? group;
    else {
      if (opened !== group) out.push(`${group}:`, "  hosts:");
      opened = group;
      const [name = "", ...vars] = line.split(/\s+/);
      out.push(`    ${name}: {${vars.map((v) => ` ${v.replace("=", ": ")}`).join(",")}${vars.length > 0 ? " " : ""}}`);
    }
    if (out.length > 6) break;
  }
  return out.length > 0 ? out.join("\n") : `${group}:\n  hosts:\n    NAME: {}`;
}
