import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { showChanges } from "../../src/engine/show/show.ts";
import { useFingerprintKey } from "../../src/kernel/fingerprint.ts";
import { Secret } from "../../src/kernel/value.ts";
import { modules } from "../../src/modules/index.ts";
import { changeLines } from "../../src/views/changes.ts";
import { paint } from "../../src/views/paint.ts";
import { type CaseFile, moduleCases } from "../cases/read.ts";
import { givenAnswers } from "../modules/given-facts.ts";

/** Modules that never change anything, so that there is nothing to show. */
const calm: Readonly<Record<string, string>> = {
  assert: "checks what is known",
  cloudflare_export: "reads what is set up",
  cloudflare_members: "asks who may change an account",
  cloudflare_records: "asks which names a zone has",
  cloudflare_token: "asks what a token reaches",
  debug: "prints",
  fail: "fails",
  find: "asks what lies below folders",
  jellyfin_login: "tries a login",
  router_facts: "asks a router",
  ping: "asks whether the target answers",
  set_fact: "sets variables of the run",
  stat: "asks about a path",
  x509_certificate_info: "reads a certificate",
};

const cases = moduleCases();
const folder = join(import.meta.dirname, "shown");
const fileOf = (module: string): string => join(folder, `${module}.txt`);

/** What a person sees of the changes that a case leads to, with --diff; empty when it leads to none. */
function shown({ folder: name, content }: CaseFile): string {
  // The same fingerprints in every run of this test.
  useFingerprintKey(new Uint8Array(32));
  const made = modules.find((m) => m.name === name)?.prepare(content.args);
  if (!made?.ok || content.no_answer !== undefined) return "";
  const plan = made.prepared.plan(givenAnswers(made.prepared.questions, (content.facts ?? {}) as Readonly<Record<string, unknown>>));
  if ("refused" in plan) return "";
  return changeLines(showChanges(plan, true), true, paint(false))
    .map((line) => `${line}\n`)
    .join("");
}

/** Every text in a value that nobody may see: of Secrets, and what stood in a file before a secret took its place. */
function hiddenTexts(value: unknown, inSecretFile: boolean): string[] {
  if (value instanceof Secret) return [value.reveal(), ...value.reveal().split("\n")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    inSecretFile && key === "content" && typeof part === "string" ? [part, ...part.split("\n")] : hiddenTexts(part, inSecretFile),
  );
}

/** Golden texts: `=== CASE` and what is shown of it. */
function readGolden(module: string): ReadonlyMap<string, string> {
  const parts = existsSync(fileOf(module)) ? readFileSync(fileOf(module), "utf8").split(/^=== /m).slice(1) : [];
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1)]));
}

// After adding a case or changing what a module shows: run with UPDATE_SHOWN=1, and read what it wrote before you commit it.
describe.each(modules.map((m) => m.name))("what a person sees of %s", (module) => {
  const own = cases.filter((c) => c.folder === module);
  const title = (c: CaseFile): string => c.title.slice(module.length + 1);

  if (process.env.UPDATE_SHOWN) {
    const seen = own.map((c) => [title(c), shown(c)] as const).filter(([, text]) => text !== "");
    if (seen.length > 0) writeFileSync(fileOf(module), seen.map(([name, text]) => `=== ${name}\n${text}`).join(""));
  }
  const golden = readGolden(module);

  it("is held by a golden text, unless it never changes anything", () => {
    if (module in calm) expect(own.map(shown).join(""), `${module} ${calm[module]}`).toBe("");
    else expect(golden.size).toBeGreaterThan(0);
  });

  it.each([...golden])("%s", (name, text) => {
    const found = own.find((c) => title(c) === name);
    if (!found) throw new Error(`there is no case ${module}/${name}`);
    expect(shown(found)).toBe(text);
  });
});

describe("of a secret nothing is seen, neither of the new one nor of what was there", () => {
  const secret = cases.filter((c) => hiddenTexts(c.content.args, false).length > 0 && shown(c) !== "");

  it.each(secret.map((c) => [c.title, c] as const))("%s", (_title, c) => {
    const hidden = [...hiddenTexts(c.content.args, false), ...hiddenTexts(c.content.facts, true)].filter((text) => text.length > 2);
    for (const text of hidden) expect(shown(c)).not.toContain(text);
  });

  it("holds for files, lines, passwords, commands and requests", () => {
    expect(new Set(secret.map((c) => c.folder))).toEqual(
      new Set([
        "blockinfile",
        "cloudflare_origin_pulls",
        "copy",
        "docker_image",
        "get_url",
        "htpasswd",
        "ini_file",
        "json_patch",
        "lineinfile",
        "shell",
        "template",
        "uri",
        "user",
        "xml",
      ]),
    );
  });
});
