import { describe, expect, it } from "vitest";
import type { ShownChange } from "../../src/kernel/event.ts";
import { changeLines } from "../../src/views/changes.ts";
import { paint } from "../../src/views/paint.ts";

const lines = (change: Partial<ShownChange>, colour = false): readonly string[] =>
  changeLines([{ subject: "it", fields: [], ...change }], true, paint(colour));
const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const green = (text: string): string => `\u001b[32m${text}\u001b[39m`;
const inverse = (text: string): string => `\u001b[7m${text}\u001b[27m`;

describe("a change", () => {
  it("stands on one line while it fits, then with its fields on the next, then field by field", () => {
    const field = (name: string) => ({ name, before: "b".repeat(20), after: "a".repeat(20) });
    const text = (name: string): string => `${name}: ${"b".repeat(20)} -> ${"a".repeat(20)}`;
    const all = ["mode", "owner", "group"];
    expect(lines({ fields: all.slice(1).map(field) })).toEqual([`it  ${text("owner")}, ${text("group")}`]);
    const long = `file /${"x".repeat(20)}`;
    expect(lines({ subject: long, fields: all.slice(1).map(field) })).toEqual([long, `  ${text("owner")}, ${text("group")}`]);
    expect(lines({ fields: all.map(field) })).toEqual(["it", ...all.map((name) => `  ${text(name)}`)]);
  });

  it("has the old value in red and the new one in green", () => {
    expect(lines({ fields: [{ name: "mode", before: "0600", after: "0644" }] }, true)).toEqual([
      `it  mode: ${red("0600")} -> ${green("0644")}`,
    ]);
  });

  it.each([
    ["#3fa2c1", "#91bc07", "password: secret changed, #3fa2c1 -> #91bc07"],
    ["absent", "#91bc07", "password: new secret, absent -> #91bc07"],
    ["#3fa2c1", "absent", "password: secret removed, #3fa2c1 -> absent"],
    ["#3fa2c1", "#3fa2c1", "password: the same secret #3fa2c1"],
  ])("says of a secret what became of it: %s to %s", (before, after, text) => {
    expect(lines({ fields: [{ name: "password", before, after, secret: true }] })).toEqual([`it  ${text}`]);
  });

  it("writes out line breaks and control characters, and what would make a text look like another", () => {
    const fields = [{ name: "comment", before: "a\nb", after: "\u202etxt.exe\u001b[2J" }];
    expect(lines({ fields })).toEqual(["it  comment: a\\nb -> \\u202etxt.exe\\x1b[2J"]);
  });
});

describe("a diff", () => {
  const diff = (body: string): string => `--- /x\tbefore\n+++ /x\tafter\n@@ -1,2 +1,2 @@\n${body}`;

  it("marks what differs inside a line that became another", () => {
    const shown = lines({ diff: diff(" a\n-port = 80\n+port = 8096\n") }, true);
    expect(shown.slice(-2)).toEqual([`  ${red("-port = 80")}`, `  ${green(`+port = 80${inverse("96")}`)}`]);
  });

  it("marks nothing in lines that have little in common, or are not as many", () => {
    expect(lines({ diff: diff("-abc\n+xyz\n") }, true).join("")).not.toContain(inverse("x").slice(0, 4));
    expect(lines({ diff: diff("-port = 80\n+port = 81\n+port = 82\n") }, true).join("")).not.toContain("\u001b[7m");
  });

  it("takes lines that begin with dashes for what they are", () => {
    const shown = lines({ diff: diff("--- a comment of SQL\n+++ C++\n context\n") }, true);
    expect(shown[4]).toBe(`  ${red("--- a comment of SQL")}`);
    expect(shown[5]).toBe(`  ${green("+++ C++")}`);
  });

  it("shows a carriage return that comes or goes", () => {
    expect(lines({ diff: diff("-a\r\n+a\n") }).slice(-2)).toEqual(["  -a\\x0d", "  +a"]);
  });

  it("keeps the note on a missing newline", () => {
    expect(lines({ diff: diff("-a\n\\ No newline at end of file\n+a\n") }).slice(-3)).toEqual([
      "  -a",
      "  \\ No newline at end of file",
      "  +a",
    ]);
  });
});
