import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { Module } from "../../src/kernel/module.ts";
import { Secret } from "../../src/kernel/value.ts";
import { modules } from "../../src/modules/index.ts";

/** What the engine makes of an argument before the schema sees it. */
function asInput(module: Module, name: string, value: unknown): unknown {
  switch (module.inputs[name]) {
    case "file":
      return { name: String(value), path: `/controller/${String(value)}`, size: 1, sha256: "0".repeat(64), text: "x" };
    case "archive":
      return String(value).startsWith("/") || /^https?:/.test(String(value))
        ? value
        : { name: String(value), path: `/controller/${String(value)}`, size: 1, sha256: "0".repeat(64) };
    case "fetched":
      return { name: String(value), path: `/controller/${String(value)}`, type: "absent" };
    case "template":
      return { name: String(value), text: "x" };
    case "conditions":
      return [value].flat().map((text) => ({ text: String(text), holds: true }));
    case "variable":
      return { name: String(value), value: 1 };
    default:
      return module.secretArgs.includes(name) && typeof value === "string" ? new Secret(value) : value;
  }
}

function argsOf(module: Module, yaml: string): Record<string, unknown> {
  const task = parse(yaml) as Record<string, unknown>;
  const key = Object.keys(task)[0] ?? "";
  expect([module.name, ...module.aliases], `the example calls ${key}`).toContain(key);
  const given = task[key] ?? {};
  if (typeof given !== "object") return { [module.freeForm ?? ""]: given };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, asInput(module, name, value)]));
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

function undescribed(schema: JsonSchema, at: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, s]) => [
    ...(s.description ? [] : [`${at}.${name}`]),
    ...(s.properties ? undescribed(s, `${at}.${name}`) : []),
  ]);
  return [...own, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((s) => undescribed(s, at))];
}

const schemaOf = (type: z.ZodType): JsonSchema => z.toJSONSchema(type, { unrepresentable: "any", io: "input" }) as JsonSchema;

describe.each(modules.map((m) => [m.name, m] as const))("the module %s", (_name, module) => {
  test("describes every argument and every field of its result", () => {
    expect(undescribed(schemaOf(module.args), "args").filter((p) => p.split(".").length === 2)).toEqual([]);
    expect(undescribed(schemaOf(module.result), "result")).toEqual([]);
  });

  test("has a summary of one sentence that begins with a verb, and whole sentences as notes", () => {
    expect(module.summary).toMatch(/^[A-Z][^.]*\.$/);
    for (const note of module.notes) expect(note).toMatch(/[.:`]$/);
  });

  test("accepts its own examples", () => {
    expect(module.examples.length).toBeGreaterThan(0);
    for (const { title, yaml } of module.examples) {
      const prepared = module.prepare(argsOf(module, yaml));
      expect(prepared.ok ? [] : prepared.issues, title).toEqual([]);
    }
  });

  test("refuses an argument that it does not know", () => {
    if (module.name === "set_fact") return;
    const prepared = module.prepare({ no_such_argument: 1 });
    expect(prepared.ok ? [] : prepared.issues.map((i) => i.unknownKey)).toContain("no_such_argument");
  });

  test("names inputs and secret arguments that it has", () => {
    const names = Object.keys(schemaOf(module.args).properties ?? {});
    for (const name of [...Object.keys(module.inputs), ...module.secretArgs, ...(module.freeForm === undefined ? [] : [module.freeForm])])
      expect(names).toContain(name);
  });

  test("puts no secret into a question, which anyone may print", () => {
    for (const { yaml } of module.examples) {
      const args = argsOf(module, yaml);
      const prepared = module.prepare(args);
      if (!prepared.ok) continue;
      // Its digest beside it tells questions apart that differ in a secret only.
      for (const question of Object.values(prepared.prepared.questions).flat())
        expect(question.id.replace(/"\w+":"\*{8}","digest":"[0-9a-f]{64}"/, "")).not.toContain("********");
    }
  });
});

test("no two modules answer to the same name", () => {
  const names = modules.flatMap((m) => [m.name, ...m.aliases]);
  expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
});
