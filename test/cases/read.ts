import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { Secret } from "../../src/kernel/value.ts";

export const casesDir = import.meta.dirname;

export interface CaseFile {
  /** `copy/new-file` */
  readonly title: string;
  readonly folder: string;
  readonly content: Readonly<Record<string, unknown>>;
}

const secretTag = { tag: "!secret", resolve: (text: string) => new Secret(text) };

/** All case files of the folders directly in `dir`. A value tagged `!secret` becomes a Secret. */
export function readCases(dir: string, skip: readonly string[] = []): CaseFile[] {
  const folders = readdirSync(dir, { withFileTypes: true }).filter((e) => e.isDirectory() && !skip.includes(e.name));
  return folders.flatMap(({ name: folder }) =>
    readdirSync(join(dir, folder))
      .filter((name) => name.endsWith(".yml"))
      .map((name) => ({
        title: `${folder}/${name.replace(/\.yml$/, "")}`,
        folder,
        content: parse(readFileSync(join(dir, folder, name), "utf8"), { customTags: [secretTag] }) as Record<string, unknown>,
      })),
  );
}

/** The cases of all modules: the other folders hold those of facts and of the language. */
export function moduleCases(): CaseFile[] {
  return readCases(casesDir, ["course", "facts", "language", "playbook", "tasks"]);
}
