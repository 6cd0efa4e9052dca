import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../../src/kernel/diagnostic.ts";
import type { Node } from "../../src/kernel/node.ts";
import { placeOf } from "../../src/kernel/span.ts";
import { parseYaml } from "../../src/source/index.ts";

/** A new folder with these files. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "rempart-read-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

/** The text as a node; a wrong text is a mistake of the test. */
export function nodeOf(text: string, path = "test.yml"): Node {
  const { node, diagnostics } = parseYaml({ path, text });
  if (!node) throw new Error(JSON.stringify(diagnostics.map((d) => d.message)));
  return node;
}

/** `line:column message | help` of every diagnostic. */
export function linesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((d) => {
    const place = d.at && placeOf(d.at);
    return `${place ? `${place.line}:${place.column} ` : ""}${d.message}${d.help ? ` | ${d.help}` : ""}`;
  });
}
