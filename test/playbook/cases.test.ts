import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPlaybook } from "../../src/playbook/playbook.ts";
import { outlineErrors, outlinePlaybook } from "./outline.ts";

const folder = "test/cases/playbook";

/** Every folder is a case: site.yml, and what reading it gives in expected.txt. `UPDATE_CASES=1` writes the latter anew. */
describe("reading the playbook", () => {
  for (const name of readdirSync(folder)) {
    it(`of the case ${name} gives what its expected.txt says`, () => {
      const dir = join(folder, name);
      const { playbook, diagnostics } = loadPlaybook(join(dir, "site.yml"));
      const got = outlineErrors(diagnostics, dir) + (playbook ? outlinePlaybook(playbook) : "");
      const file = join(dir, "expected.txt");
      if (process.env.UPDATE_CASES) writeFileSync(file, got);
      expect(existsSync(file), `${file} is missing`).toBe(true);
      expect(got).toBe(readFileSync(file, "utf8"));
    });
  }
});
