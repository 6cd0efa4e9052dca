import { describe, expect, it } from "vitest";
import { Refused } from "../../src/kernel/diagnostic.ts";
import type { Node } from "../../src/kernel/node.ts";
import { holdsSecret, isMap, Secret, Unknown, type Value } from "../../src/kernel/value.ts";
import { parseYaml } from "../../src/source/yaml.ts";
import { condition } from "../../src/template/condition.ts";
import { helpers } from "../../src/template/handlebars/allHelpers.ts";
import { renderTemplate } from "../../src/template/render.ts";
import { resolve } from "../../src/template/resolve.ts";
import fc from "../seeded.ts";
import { scopeOf } from "./scope.ts";

function node(text: string, secret = false): Node {
  const parsed = parseYaml({ path: "t.yml", text, ...(secret && { secret: true as const }) });
  if (!parsed.node) throw new Error(parsed.diagnostics.map((d) => d.message).join());
  return parsed.node;
}

/** A double-quoted YAML scalar. */
const quoted = (text: string): string => JSON.stringify(text);

describe("what is read", () => {
  it("is only what decides a condition", () => {
    const scope = scopeOf();
    expect(condition(node("off && s == 'abc'"), scope)).toBe(false);
    expect(scope.read).toEqual(["off"]);
  });

  it("is only the branch that is taken in a value", () => {
    const scope = scopeOf();
    expect(resolve(node(quoted("{{#if off}}{{ s }}{{else}}{{ x }}{{/if}}")), scope)).toBe("5");
    expect(scope.read).toEqual(["off", "x"]);
  });

  it("is only plain data: a template sees no member of a prototype", () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      expect(() => resolve(node(quoted(`{{ m.[${name}] }}`)), scopeOf()), name).toThrow(Refused);
      expect(() => condition(node(quoted(`m[${JSON.stringify(name)}] == null`)), scopeOf()), name).toThrow(Refused);
      expect(condition(node(quoted(`defined("m.${name}")`)), scopeOf()), name).toBe(false);
    }
  });
});

describe("secrets", () => {
  it("are what every scalar of a secret file becomes", () => {
    const value = resolve(node("a: text\nb: 5\nc: true\nd: ~\ne: ['{{ s }}-1']\n", true), scopeOf());
    const map = isMap(value) ? value : {};
    expect([map.a, map.b, map.c, map.d].map((v) => (v instanceof Secret ? v.reveal() : v))).toEqual(["text", "5", true, null]);
    expect(holdsSecret(map.e)).toBe(true);
  });

  const anySecret = fc.string({ minLength: 1 }).filter((s) => s.trim() !== "");
  const readers = [
    "a{{ v }}",
    "{{ upper v }}",
    "{{ json v }}",
    "{{ b64 v }}",
    "{{ join (list v) }}",
    "{{#if v}}a{{/if}}",
    "{{#if (eq v s)}}a{{else}}b{{/if}}",
    "{{#with v}}{{ this }}{{/with}}",
    "{{#each (list v)}}{{ this }}{{/each}}",
    "{{ default v 1 }}",
    "{{ first (split v v) }}x",
    "{{ replace s v v }}",
    "{{ hash v }}",
    "{{ quote v }}",
    "{{ indent v 2 }}",
    "{{ lookup (list v) 0 }}",
  ];

  it.each(readers)("flow out of %s", (template) => {
    fc.assert(
      fc.property(anySecret, (text) => {
        const scope = scopeOf({ v: new Secret(text.replaceAll("\0", "")), s: "abc" });
        const value = resolve(node(quoted(template)), scope);
        // What hides nothing may be plain: whether it is there.
        expect(value instanceof Secret, `${template} gave ${String(value)}`).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("are in no message of a helper, path or condition that fails on them", () => {
    const scope = (): ReturnType<typeof scopeOf> => scopeOf({ v: new Secret("hunter2hunter2"), m: { a: 1 }, l: [1], s: "a" });
    const wrong = [
      ...helpers.flatMap((h) => [
        `{{ ${h.name} v }}`,
        `{{ ${h.name} v v }}`,
        `{{ ${h.name} s v }}`,
        `{{ ${h.name} m v }}`,
        `{{ ${h.name} v v v }}`,
      ]),
      "{{ v.a }}",
      "{{#each v}}{{/each}}",
      "{{ int v }}",
    ];
    let refused = 0;
    for (const text of wrong) {
      try {
        resolve(node(quoted(text)), scope());
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused++;
        expect(JSON.stringify(error.diagnostics.map((d) => [d.message, d.help])), text).not.toContain("hunter2");
      }
    }
    expect(refused).toBeGreaterThan(20);
    for (const text of ["m[v] == 1", "int(v) == 1", "v == 1", "v > 1", "v.a == 1", "v", "l[v] == 1", 's.matches("(" + v)']) {
      expect(() => condition(node(quoted(text)), scope())).toThrow(Refused);
      try {
        condition(node(quoted(text)), scope());
      } catch (error) {
        expect(JSON.stringify((error as Refused).diagnostics.map((d) => [d.message, d.help])), text).not.toContain("hunter2");
      }
    }
  });

  it("of a secret file are in no message about its templates", () => {
    for (const text of ["{{ hunter2 | default('hunter2') }}", "{{ hunter2! }}", "{{.hunter2}}", "{{ hunter2[0] }}"]) {
      try {
        resolve(node(quoted(text), true), scopeOf());
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify((error as Refused).diagnostics.map((d) => [d.message, d.help])), text).not.toContain("hunter2");
      }
    }
  });
});

describe("what is not known yet", () => {
  it("makes every value that reads it unknown, and names the first task", () => {
    const scope = scopeOf({ u: new Unknown("first"), w: new Unknown("second") });
    for (const text of [
      "{{ u }}",
      "a{{ u }}{{ w }}",
      "{{ upper u }}",
      "{{ json (list 1 u) }}",
      "{{#if u}}a{{/if}}",
      "{{#each u}}a{{/each}}",
      "{{#with u}}a{{/with}}",
      "{{ u.a.[0] }}",
    ]) {
      expect(resolve(node(quoted(text)), scope), text).toMatchObject({ waitsFor: "first" });
    }
  });

  it("stays inside of a list or map, so that what is known stays known", () => {
    expect(resolve(node("a: 1\nb: '{{ u }}'\n"), scopeOf({ u: new Unknown("t") }))).toMatchObject({ a: 1, b: { waitsFor: "t" } });
  });
});

describe("bounds", () => {
  it("a text without braces is itself", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replace(/[{}]/g, "");
        expect(renderTemplate({ path: "t.hbs", text: plain }, scopeOf())).toBe(plain);
      }),
    );
  });

  it("whatever text stands there, the answer is a value or a Refused with a place", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      "{{#if x}}",
      "{{/if}}",
      "{{else}}",
      " ",
      "x",
      ".",
      "|",
      "(",
      ")",
      '"',
      "'",
      "~",
      "-",
      "[",
      "]",
      "{",
      "}",
      "#",
      "!",
      "\\",
      "\n",
      "each",
      "{{#each l}}",
      "{{/each}}",
      "%}",
      "{%",
      "$",
      "0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join("");
        for (const run of [() => renderTemplate({ path: "t", text }, scopeOf()), () => condition(node(quoted(text || " x")), scopeOf())]) {
          try {
            run();
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            for (const { at } of error.diagnostics) expect(at && at.start <= at.end && at.end <= at.source.text.length).toBe(true);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("a template with 10,000 lines is rendered in a moment, also when it is wrong at its end", () => {
    const text = "server_name {{ s }} {{#if b}}on{{/if}};\n".repeat(10_000);
    const start = performance.now();
    expect(String(renderTemplate({ path: "t.hbs", text }, scopeOf())).length).toBe(200_000);
    expect(() => renderTemplate({ path: "t.hbs", text: `${text}{{ x` }, scopeOf())).toThrow(Refused);
    expect(() => renderTemplate({ path: "t.hbs", text: `${text}{{#if x}}` }, scopeOf())).toThrow(Refused);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("5,000 tasks on ten hosts are resolved in a moment, because a node is parsed once", () => {
    const tasks = node(Array.from({ length: 5000 }, (_, i) => `- path: /srv/{{ s }}/${i}\n  when: x == 5 && s != "${i}"\n`).join(""));
    const items = tasks.kind === "seq" ? tasks.items : [];
    const start = performance.now();
    for (let host = 0; host < 10; host++) {
      for (const task of items) {
        if (task.kind !== "map") continue;
        resolve(task.entries[0]?.value ?? task, scopeOf());
        condition(task.entries[1]?.value ?? task, scopeOf());
      }
    }
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("an expression nested beyond measure is refused", () => {
    expect(() => condition(node(quoted(`${"(".repeat(20_000)}b${")".repeat(20_000)}`)), scopeOf())).toThrow(Refused);
    expect(() => resolve(node(quoted(`{{ lower ${"(lower ".repeat(20_000)}s${")".repeat(20_000)} }}`)), scopeOf())).toThrow(Refused);
    expect(() => resolve(node(quoted("{{#if b}}".repeat(20_000) + "{{/if}}".repeat(20_000))), scopeOf())).toThrow(Refused);
    expect(() => resolve(node(quoted("{{ x\n".repeat(20_000))), scopeOf())).toThrow(Refused);
    expect(() => resolve(node(quoted(`{%${"a".repeat(100_000)}`)), scopeOf())).not.toThrow();
  });
});

describe("helpers", () => {
  it.each(helpers.map((h) => [h.name, h.example.write, h.example.gives]))("%s: the example of the manual is true", (_, write, gives) => {
    const value: Value = renderTemplate({ path: "t.hbs", text: write }, scopeOf());
    expect(value).toBe(gives);
  });
});
