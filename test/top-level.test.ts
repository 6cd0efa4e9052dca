import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const fixed = ["playbooks", "roles", "inventory", "templates", "src", "test", "package.json", "tsconfig.json"];
const beside = ["README.md", "CHANGELOG.md", "LICENSE", "docs"];
const tools = ["package-lock.json", "tsconfig.build.json", "vitest.config.ts", "biome.json", "knip.json"];
const made = ["node_modules", "dist", "coverage"];

test("the top level of the repository holds what its readers were promised, and tool configuration", () => {
  const shown = readdirSync(resolve(import.meta.dirname, "..")).filter((name) => !name.startsWith("."));
  expect(shown.filter((name) => ![...fixed, ...beside, ...tools, ...made].includes(name))).toEqual([]);
  expect(fixed.filter((name) => !shown.includes(name))).toEqual([]);
});
