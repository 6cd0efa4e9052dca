import type { VaultKeys } from "../inventory/keys.ts";
import { loadVars } from "../inventory/vars.ts";
import { Refused, refuse } from "../kernel/diagnostic.ts";
import type { MapNode, ScalarNode } from "../kernel/node.ts";
import type { SourceFile } from "../kernel/span.ts";
import { parseYaml } from "../source/index.ts";

/** Variables of one `-e`: `key=value ...`, a JSON or YAML map, or `@file`. */
export interface ExtraVars {
  readonly origin: string;
  readonly vars: MapNode;
}

/** Reads one `-e`. Values of `key=value` are texts, as in Ansible; a file may be encrypted. Throws Refused. */
export async function extraVars(text: string, keys: VaultKeys = {}): Promise<ExtraVars> {
  if (text.startsWith("@")) {
    const { vars, diagnostics } = await loadVars(text.slice(1), ".", keys);
    if (diagnostics.length > 0) throw new Refused(...diagnostics);
    return {
      origin: `-e ${text}`,
      vars: vars ?? { kind: "map", entries: [], at: { source: { path: text.slice(1), text: "" }, start: 0, end: 0 } },
    };
  }
  const source: SourceFile = { path: "-e", text };
  return { origin: "-e", vars: /^\s*[[{]/.test(text) || /^\s*[\w-]+:\s/.test(text) ? mapOf(source) : pairsOf(source) };
}

function mapOf(source: SourceFile): MapNode {
  const { node, diagnostics } = parseYaml(source);
  if (diagnostics.length > 0) throw new Refused(...diagnostics);
  if (node?.kind === "map") return node;
  return refuse(
    "extra variables must be a map of names to values",
    node?.at ?? { source, start: 0, end: source.text.length },
    '-e \'{ "name": "value" }\'',
  );
}

/** Words of `key=value`; a value may be quoted as in a shell. */
function pairsOf(source: SourceFile): MapNode {
  const entries = [...source.text.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map((word) => {
    const start = word.index;
    const equals = word[0].indexOf("=");
    const name = word[0].slice(0, equals);
    const at = { source, start, end: start + word[0].length };
    if (equals <= 0 || !/^[A-Za-z_]\w*$/.test(name))
      refuse(`"${word[0]}" is not NAME=VALUE`, at, "-e name=value, -e '{ \"name\": [1, 2] }' or -e @file.yml");
    const value = word[0]
      .slice(equals + 1)
      .replace(/"([^"]*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) => double ?? single ?? "");
    return { key: scalar(name, source, start, start + equals), value: scalar(value, source, start + equals + 1, at.end) };
  });
  return { kind: "map", entries, at: { source, start: 0, end: source.text.length } };
}

function scalar(text: string, source: SourceFile, start: number, end: number): ScalarNode {
  return { kind: "scalar", value: text, text, quoted: true, at: { source, start, end } };
}
