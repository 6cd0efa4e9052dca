import { applyPatch } from "diff";
import { describe, expect, it } from "vitest";
import { unified } from "../../src/engine/show/unified.ts";
import fc from "../seeded.ts";

const numbered = (word: string, count: number): string => Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join("");

/** A diff is right when it leads from the old text to the new one. */
function patched(before: string, diff: string): string | false {
  return applyPatch(before, diff, { autoConvertLineEndings: false });
}

describe("a unified diff", () => {
  it("shows what goes, what comes and three lines around", () => {
    const before = numbered("line", 9);
    expect(unified({ name: "/etc/x", before, after: before.replace("line 4", "other") })).toBe(
      "--- /etc/x\tbefore\n+++ /etc/x\tafter\n@@ -2,7 +2,7 @@\n line 1\n line 2\n line 3\n-line 4\n+other\n line 5\n line 6\n line 7\n",
    );
  });

  it("says as git does that the newline at the end is missing, on either side", () => {
    expect(unified({ name: "/x", before: "a", after: "a\n" })).toContain("-a\n\\ No newline at end of file\n+a\n");
    expect(unified({ name: "/x", before: "a\n", after: "a" })).toContain("-a\n+a\n\\ No newline at end of file\n");
  });

  it("has every line of a new file, and of one that goes", () => {
    expect(unified({ name: "/x", before: null, after: "a\nb\n" })).toMatch(
      /^--- \/dev\/null\n\+\+\+ \/x\tafter\n@@ -0,0 \+1,2 @@\n\+a\n\+b\n$/,
    );
    expect(unified({ name: "/x", before: "a\nb\n", after: null })).toMatch(
      /^--- \/x\tbefore\n\+\+\+ \/dev\/null\n@@ -1,2 \+0,0 @@\n-a\n-b\n$/,
    );
  });

  it("leads from the old text to the new one, whatever they are", () => {
    const line = fc.constantFrom("a\n", "b\n", "c\r\n", "\n", " d", "é\n");
    const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        expect(patched(before, unified({ name: "it", before, after }))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it("is still right for long texts that have little in common", () => {
    const before = `${numbered("head", 9)}${numbered("old", 3000)}${numbered("tail", 9)}`;
    const after = before.replaceAll("old", "new").replace("tail 8\n", "tail 8");
    const diff = unified({ name: "it", before, after });
    expect(patched(before, diff)).toBe(after);
    expect(diff).not.toContain("head 5\n");
    const short = unified({ name: "it", before, after: before.replaceAll("old", "new") });
    expect(short).toContain(" head 8\n-old 0\n");
    expect(short).not.toContain(" tail 3\n");
    expect(patched(before, short)).toBe(before.replaceAll("old", "new"));
  });

  it("is not made of what nobody would read", () => {
    expect(unified({ name: "/x", before: "a".repeat(2 ** 20), after: "b" })).toBe("(/x: too large for a diff)\n");
  });
});
