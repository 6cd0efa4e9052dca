import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { system, systemShape, systemTable } from "../../src/facts/system.ts";
import type { Shape } from "../../src/kernel/value.ts";
import { casesDir, readCases } from "../cases/read.ts";

const values = readCases(join(casesDir, "facts"))
  .filter((c) => c.folder === "system")
  .flatMap(({ content }) => system.fact.read(Buffer.from(String(content.stdout)), content.keys as { root?: string }[]));

/** Paths as the table writes them: `mounts[].device`. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, part]) => pathsOf(part, path === "" ? name : `${path}.${name}`));
  return [path];
}

function shapePaths(shape: Shape, path = ""): string[] {
  if (shape.kind === "object")
    return Object.entries(shape.fields).flatMap(([name, part]) => shapePaths(part, path === "" ? name : `${path}.${name}`));
  if (shape.kind === "list") return shapePaths(shape.of, `${path}[]`);
  return [`${path} ${shape.kind}`];
}

describe("the documented table of facts", () => {
  test("names everything that a host answers", () => {
    const known = new Set(systemTable.map((row) => row.path));
    expect(values.length).toBeGreaterThan(0);
    expect(values.flatMap((v) => pathsOf(v)).filter((path) => !known.has(path))).toEqual([]);
  });

  test("names nothing that no host answers", () => {
    const answered = new Set(values.flatMap((v) => pathsOf(v)));
    // The table's IPv6 rows are answered by no captured host but through their null fields.
    expect(systemTable.map((row) => row.path).filter((path) => !answered.has(path) && path !== "addresses.v6[]")).toEqual([]);
  });

  test("has the same fields and types as the shape that templates are checked with", () => {
    expect(shapePaths(systemShape).sort()).toEqual(systemTable.map((row) => `${row.path} ${row.type}`).sort());
  });

  test("gives every field the type that it says, or null", () => {
    for (const { path, type } of systemTable) {
      for (const value of values) {
        for (const found of valuesAt(value, path.replaceAll("[]", ".[]").split(".")))
          expect(found === null ? type : typeof found, path).toBe(type);
      }
    }
  });
});

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] {
  if (name === undefined) return [value];
  if (name === "[]") return (value as unknown[]).flatMap((item) => valuesAt(item, rest));
  return valuesAt((value as Record<string, unknown>)[name], rest);
}
