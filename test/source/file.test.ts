import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isSource, readSource } from "../../src/source/file.ts";

const dir = mkdtempSync(join(tmpdir(), "rempart-source-"));
afterAll(() => rmSync(dir, { recursive: true }));

describe("readSource", () => {
  it("reads a text and shows the path as it was given", () => {
    writeFileSync(join(dir, "a.yml"), "a: é\n");
    expect(readSource(join(dir, "a.yml"), "a.yml")).toEqual({ path: "a.yml", text: "a: é\n" });
  });

  it.each([
    ["missing.yml", "there is no file missing.yml"],
    ["", " is a folder"],
    ["a.yml/b", "there is no file a.yml/b"],
  ])("tells why %j cannot be read", (name, message) => {
    const read = readSource(join(dir, name), name);
    expect(isSource(read)).toBe(false);
    expect(read).toMatchObject({ severity: "error", message });
  });

  it("refuses bytes that are not UTF-8", () => {
    writeFileSync(join(dir, "latin.yml"), Buffer.from([0x61, 0xe9]));
    expect(readSource(join(dir, "latin.yml"), "latin.yml")).toMatchObject({
      message: "latin.yml is not UTF-8 text",
      help: "save it as UTF-8",
    });
  });
});
