import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/kernel/diagnostic.ts";
import type { SourceFile, Span } from "../../src/kernel/span.ts";
import { diagnosticText } from "../../src/views/diagnostic.ts";
import { paint } from "../../src/views/paint.ts";

const text = (d: Omit<Diagnostic, "severity">) => diagnosticText({ severity: "error", ...d }, paint(false));

function at(source: string, marked: string, secret = false): Span {
  const start = source.indexOf(marked);
  const file: SourceFile = { path: "site.yml", text: source, ...(secret && { secret: true }) };
  return { source: file, start, end: start + marked.length };
}

describe("a diagnostic", () => {
  it("shows place, message, the line with the span underlined, and what to write instead", () => {
    const span = at("- hosts: all\n  tasks:\n    - pakage: { name: x }\n", "pakage");
    expect(text({ message: '"pakage" is not a module', at: span, help: 'did you mean "package"?' })).toBe(
      [
        'site.yml:3:7: error: "pakage" is not a module',
        "        - pakage: { name: x }",
        "          ^^^^^^",
        '  help: did you mean "package"?',
        "",
      ].join("\n"),
    );
  });

  it("keeps the caret below its place after tabs and wide characters", () => {
    const lines = text({ message: "m", at: at("\tname: 日本 bad\n", "bad") }).split("\n");
    expect(lines[1]).toBe("    \tname: 日本 bad");
    expect(lines[2]).toBe("    \t           ^^^");
  });

  it("underlines only the first line of a span that goes on", () => {
    expect(text({ message: "m", at: at("a: 'x\n  y'\n", "'x\n  y'") })).toContain("    a: 'x\n       ^^\n");
  });

  it("puts one caret at an empty span at the end of the text", () => {
    const source = { path: "site.yml", text: "a:" };
    expect(text({ message: "m", at: { source, start: 2, end: 2 } })).toContain("    a:\n      ^\n");
  });

  it("shows the include chain, innermost first", () => {
    const via = [at("- import_tasks: a.yml\n", "a.yml"), at("x\n  - role: b\n", "b")];
    expect(text({ message: "m", via })).toBe("error: m\n  included from site.yml:2:11\n  included from site.yml:1:17\n");
  });

  it("never shows a line of a secret source", () => {
    expect(text({ message: "m", at: at("key: hunter2hunter2\n", "hunter2hunter2", true) })).toBe("site.yml:1:6: error: m\n");
  });

  it("cuts a very long line around the caret", () => {
    const lines = text({ message: "m", at: at(`${"a".repeat(5000)}BAD${"b".repeat(5000)}`, "BAD") }).split("\n");
    expect(lines[1]?.length).toBeLessThan(200);
    expect(lines[1]?.indexOf("BAD")).toBe(lines[2]?.indexOf("^^^"));
  });

  it("writes out control characters instead of sending them to the terminal", () => {
    const shown = text({ message: "bad \u001b[31mname", at: at("a: \u001b[2Jx\n", "x") });
    expect(shown).not.toContain("\u001b");
    expect(shown).toContain("bad \\x1b[31mname");
  });
});
