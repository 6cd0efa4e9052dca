import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "../../src/cli/generatedFiles.ts";
import { modules } from "../../src/modules/index.ts";

const root = resolve(import.meta.dirname, "../..");

describe("the manual", () => {
  it.each(generatedFiles())("%s is what `npm run docs` writes", (path, text) => {
    const file = resolve(root, path);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "", `${path} is stale: run "npm run docs" and commit it`).toBe(text);
  });

  it("has no page of a module that is gone", () => {
    const pages = readdirSync(resolve(root, "docs/modules")).filter((f) => f !== "README.md");
    expect(pages.sort()).toEqual(modules.map((m) => `${m.name}.md`).sort());
  });
});
