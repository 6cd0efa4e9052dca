import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseYaml } from "../../src/source/yaml.ts";
import { celFunctions } from "../../src/template/cel/functions.ts";
import { templateManual } from "../../src/template/manual.ts";
import { resolve } from "../../src/template/resolve.ts";
import { scopeOf } from "./scope.ts";

describe("docs/templates.md", () => {
  it("is what the records say (npm run docs writes it)", () => {
    expect(readFileSync(join(import.meta.dirname, "../../docs/templates.md"), "utf8")).toBe(templateManual());
  });

  it.each(celFunctions.map((f) => [f.name, f.example.write, f.example.gives]))("%s: the example is true", (_, write, gives) => {
    const { node } = parseYaml({ path: "t", text: `!cel ${JSON.stringify(write)}` });
    expect(node && JSON.stringify(resolve(node, scopeOf()))).toBe(gives);
  });
});
