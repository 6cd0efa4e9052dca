import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Diagnostic, nearest } from "../kernel/diagnostic.ts";
import { expectVariables } from "../kernel/expect.ts";
import type { MapNode } from "../kernel/node.ts";
import { Problems } from "../kernel/problems.ts";
import type { VaultKeys } from "./keys.ts";
import { readYaml, shownPath } from "./sourcefile.ts";

/** The variables of one file. */
export interface LoadedVars {
  /** Undefined for an empty file, and when there are errors. */
  readonly vars?: MapNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file of variables, plain or encrypted: a map of names. `from` is the folder that a relative path starts at. */
export async function loadVars(file: string, from: string, keys: VaultKeys = {}): Promise<LoadedVars> {
  const path = resolve(from, file);
  if (!existsSync(path)) return { diagnostics: [missing(file, path)] };
  const read = await readYaml(path, keys);
  const problems = new Problems();
  problems.add(read.diagnostics);
  const { node } = read;
  const vars = node && problems.attempt(() => expectVariables(node, `a file of variables (${shownPath(path)})`));
  return { diagnostics: problems.diagnostics, ...(vars && { vars }) };
}

function missing(file: string, path: string): Diagnostic {
  const folder = dirname(path);
  const siblings = existsSync(folder) ? readdirSync(folder) : [];
  const name = basename(path);
  const near = [`${name}.age`, name.replace(/(\.ya?ml)$/, ".age$1")].find((n) => siblings.includes(n)) ?? nearest(name, siblings);
  const looked = `looked for ${shownPath(path)}`;
  return {
    severity: "error",
    message: `there is no file of variables "${file}"`,
    help: near ? `did you mean "${join(dirname(file), near)}"? ${looked}` : looked,
  };
}
