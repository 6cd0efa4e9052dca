import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { readLocalFile } from "../engine/compile/localfile.ts";
import type { PlanKey } from "../engine/plan/plankey.ts";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Inputs } from "../kernel/inputs.ts";
import type { PlanBody } from "../kernel/planfile.ts";
import { extraVars } from "./extraVars.ts";

/** What a plan was made from, as the file keeps it. */
export function sourcesOf(inputs: Inputs): PlanBody["sources"] {
  return [...inputs.files].map(([path, sha256]) => ({ path: shown(path), sha256 })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function textsOf(inputs: Inputs, key: PlanKey): PlanBody["texts"] {
  return [...inputs.texts].map(([from, text]) => ({ from, digest: key.digest("text", `${from}\0${text}`) }));
}

/** Everything secret that the compilation read, by where it came from, with what was given by `-e`, which may be secret. */
export async function secretsOf(inputs: Inputs, given: readonly string[]): Promise<Map<string, string>> {
  const all = new Map(inputs.secrets);
  for (const [i, names] of (await namesOf(given)).entries()) if ("names" in names) all.set(`-e ${names.names.join(" ")}`, given[i] ?? "");
  return all;
}

/** `-e` without any value: names, or the file that is read again. Throws Refused for what is no variables. */
export async function namesOf(given: readonly string[]): Promise<PlanBody["request"]["extraVars"]> {
  return Promise.all(
    given.map(async (text) => {
      if (text.startsWith("@")) return { file: text.slice(1) };
      const { vars } = await extraVars(text);
      return { names: vars.entries.map((e) => e.key.text) };
    }),
  );
}

/** The files that are not as they were when the plan was made. */
export function changedSources(sources: PlanBody["sources"]): Diagnostic[] {
  return sources.flatMap(({ path, sha256 }) => {
    const now = digestNow(path);
    if (now === sha256) return [];
    return stale(now === undefined ? `${path} is no longer there` : `${path} was changed since the plan was made`);
  });
}

/** Files that came in since: another file of variables of a host. */
export function newSources(plan: PlanBody, inputs: Inputs): Diagnostic[] {
  const known = new Set(plan.sources.map((s) => resolve(s.path)));
  const added = [...inputs.files.keys()].filter((path) => !known.has(path));
  return added.flatMap((path) => stale(`${shown(path)} was not read when the plan was made`));
}

/** Texts that are otherwise: another value of an environment variable. */
export function changedTexts(plan: PlanBody, inputs: Inputs, key: PlanKey): Diagnostic[] {
  const then = new Map(plan.texts.map((t) => [t.from, t.digest]));
  const other = textsOf(inputs, key).filter(({ from, digest }) => then.get(from) !== digest);
  return other.flatMap(({ from }) => stale(`${from} is not what it was when the plan was made`));
}

function stale(message: string): Diagnostic[] {
  return [{ severity: "error", message, help: "plan again, and look at what it shows" }];
}

function digestNow(path: string): string | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  return readLocalFile(path, resolve(path)).sha256;
}

/** From here, or absolute where that would climb out. */
function shown(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === "" || fromHere.startsWith("..") ? path : fromHere;
}
