import { editorSchema } from "../manual/editorSchema.ts";
import type { JsonSchema } from "../manual/jsonSchema.ts";
import { modules } from "../modules/index.ts";
import { keywords, type Place } from "../playbook/keywords.ts";

/** The JSON Schema of playbooks with every module and keyword of this version. */
export function playbookSchema(): JsonSchema {
  const of = (...places: readonly Place[]): { name: string; summary: string }[] =>
    keywords
      .filter((k) => k.instead === undefined && places.some((p) => k.places.includes(p)))
      .map((k) => ({ name: k.name, summary: k.summary ?? "" }));
  return editorSchema(modules, { play: of("play"), block: of("block"), task: of("task", "handler", "include") });
}
