import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** What each folder of src/ may import besides itself and npm packages. `cli` assembles everything. */
const mayImport: Readonly<Record<string, readonly string[] | "all">> = {
  kernel: [],
  source: ["kernel"],
  template: ["kernel"],
  transport: ["kernel"],
  facts: ["kernel"],
  modules: ["kernel", "facts"],
  views: ["kernel"],
  manual: ["kernel"],
  inventory: ["kernel", "source"],
  playbook: ["kernel", "source"],
  compliance: ["kernel"],
  engine: ["kernel", "playbook", "inventory", "template"],
  cli: "all",
};

const advice: Readonly<Record<string, string>> = {
  kernel: "the kernel holds the shared words and imports nothing of ours: move what it needs into the kernel, or the user of it out",
  modules:
    "a module is a pure function of arguments and facts: it asks a fact for what it must know and returns steps; it never reaches a host",
  views: "a view sees events only: put what it must show into the event (kernel/event.ts)",
  engine: "the engine knows no module, transport or view: cli/ hands them in as values of kernel types",
  default: "imports point one way: move the shared part down into kernel/, or hand it in from cli/",
};

const src = resolve(import.meta.dirname, "../src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((f) => f.endsWith(".ts"))
  .map((f) => join(src, f));
const imports = new Map(files.map((f) => [f, importsOf(readFileSync(f, "utf8"))] as const));

describe("the folders of src/", () => {
  it("are all in the table of this test", () => {
    const unknown = readdirSync(src).filter((f) => !(f in mayImport));
    expect(unknown, `add the folder to the table in test/layering.test.ts and to docs/architecture.md`).toEqual([]);
  });

  it("import only downwards", () => {
    const wrong: string[] = [];
    for (const [file, specifiers] of imports) {
      const from = folderOf(file);
      const allowed = mayImport[from] ?? [];
      for (const specifier of specifiers.filter((s) => s.startsWith("."))) {
        const to = folderOf(resolve(dirname(file), specifier));
        if (to === from || allowed === "all" || allowed.includes(to)) continue;
        const may = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
        wrong.push(`src/${relative(src, file)} imports ${specifier}: ${from}/ may import ${may}. ${advice[from] ?? advice.default}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("never reach out of src/, and write relative imports with their .ts ending", () => {
    const wrong = [...imports].flatMap(([file, specifiers]) =>
      specifiers
        .filter((s) => s.startsWith(".") && (!resolve(dirname(file), s).startsWith(src) || !s.endsWith(".ts")))
        .map((s) => `src/${relative(src, file)} imports ${s}`),
    );
    expect(wrong).toEqual([]);
  });

  it("have no import cycles", () => {
    expect(cycles()).toEqual([]);
  });

  it("stay small (printed, not enforced)", () => {
    const lines = files.map((f) => readFileSync(f, "utf8").split("\n").length - 1).sort((a, b) => a - b);
    const at = (share: number) => lines[Math.floor(lines.length * share)] ?? 0;
    const long = files.filter((f) => readFileSync(f, "utf8").split("\n").length > 200).map((f) => relative(src, f));
    console.info(
      `lines per file: median ${at(0.5)} (aim < 80), nine in ten ${at(0.9)} (aim < 150), over 200: ${long.join(", ") || "none"}`,
    );
    expect(files.length).toBeGreaterThan(0);
  });
});

function folderOf(file: string): string {
  return relative(src, file).split("/")[0] ?? "";
}

/** Specifiers of `import ... from`, `export ... from`, `import "..."` and `import("...")`, comments left out. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found = code.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g,
  );
  return [...found].map((m) => m[1] ?? m[2] ?? m[3] ?? "");
}

function cycles(): string[] {
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    const here = [...path, file];
    if (state.get(file) === "open") {
      found.push(
        here
          .slice(here.indexOf(file))
          .map((f) => relative(src, f))
          .join(" -> "),
      );
      return;
    }
    state.set(file, "open");
    for (const s of imports.get(file) ?? []) if (s.startsWith(".")) visit(resolve(dirname(file), s), here);
    state.set(file, "done");
  };
  for (const file of files) visit(file, []);
  return found;
}
