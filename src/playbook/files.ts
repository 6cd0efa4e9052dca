import { existsSync, statSync } from "node:fs";
import { Refused } from "../kernel/diagnostic.ts";
import type { Node } from "../kernel/node.ts";
import type { Span } from "../kernel/span.ts";
import { isSource, parseYaml, readSource } from "../source/index.ts";

/** A file that was read: nothing in it, or a node. */
export interface ReadFile {
  readonly node?: Node;
  /** The whole file, for messages about a file without content. */
  readonly at: Span;
}

/** YAML files by absolute path, each read once. */
export class Files {
  readonly #known = new Map<string, ReadFile | Refused>();

  /** Throws Refused with what is wrong in the file, or with `at` when it cannot be read at all. */
  read(path: string, at?: Span): ReadFile {
    let known = this.#known.get(path);
    if (!known) {
      known = readOne(path, at);
      this.#known.set(path, known);
    }
    if (known instanceof Refused) throw known;
    return known;
  }

  /** The first of the paths that is a file, read; undefined when there is none. */
  readFirst(paths: readonly string[]): ReadFile | undefined {
    const path = paths.find(isFile);
    return path === undefined ? undefined : this.read(path);
  }
}

function readOne(path: string, at: Span | undefined): ReadFile | Refused {
  const source = readSource(path);
  if (!isSource(source)) return new Refused(at && !source.at ? { ...source, at } : source);
  const { node, diagnostics } = parseYaml(source);
  if (diagnostics.some((d) => d.severity === "error")) return new Refused(...diagnostics);
  return { ...(node && { node }), at: { source, start: 0, end: 0 } };
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
