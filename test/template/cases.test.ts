import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseYaml } from "../../src/source/yaml.ts";
import { condition } from "../../src/template/condition.ts";
import { expression } from "../../src/template/expression.ts";
import { renderTemplate } from "../../src/template/render.ts";
import { resolve } from "../../src/template/resolve.ts";
import { scopeOf } from "./scope.ts";
import { type Told, told } from "./told.ts";

/** One case: exactly one of the inputs, and what comes out. The variables are those of scope.ts. */
interface Case extends Told {
  /** YAML whose value is resolved. */
  value?: string;
  /** YAML of a condition. */
  when?: string;
  /** Text of a template file. */
  template?: string;
  /** A bare path, as debug's `var`. */
  path?: string;
}

const dir = join(import.meta.dirname, "../cases/language");

function run(c: Case): Told {
  const text = c.value ?? c.when ?? c.template ?? c.path ?? "";
  const source = { path: "case.yml", text };
  if (c.template !== undefined) return told(() => renderTemplate(source, scopeOf()));
  if (c.path !== undefined) return told(() => expression(text, { source, start: 0, end: text.length }, scopeOf()));
  const { node, diagnostics } = parseYaml(source);
  if (!node) throw new Error(`the case is not YAML: ${diagnostics.map((d) => d.message).join()}`);
  return told(() => (c.when === undefined ? resolve(node, scopeOf()) : condition(node, scopeOf())));
}

for (const file of readdirSync(dir).filter((f) => f.endsWith(".yml"))) {
  describe(`test/cases/language/${file}`, () => {
    for (const c of parse(readFileSync(join(dir, file), "utf8")) as Case[]) {
      const { value, when, template, path, ...expected } = c;
      it(`${value ?? when ?? template ?? path} comes out as written`, () => {
        expect(run(c)).toEqual(expected);
      });
    }
  });
}
