import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { namesScript } from "../../src/facts/names-script.ts";
import { runScript, shells } from "./shells.ts";

const folder = mkdtempSync(join(tmpdir(), "rempart-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

// No newline at the end, a name with a blank, one number under two names, a comment with odd bytes, a line that is none.
const users =
  "root:x:0:0:r\\oot:/root:/bin/sh\nof two:x:7:7::/:\nfirst:x:7:7::/:\nsecond:x:7:7::/:\nnot a line\nÁine:x:8:8:Á,É:/:\nlast:x:9:9::/:";
const groups = "root:x:0:\nmany:x:7:a,b\n";

describe.each(shells.map((s) => [s.name, s] as const))("users and groups, read by builtins of %s", (_name, shell) => {
  const ask = (questions: readonly string[]): string[] => {
    writeFileSync(join(folder, "passwd"), users);
    writeFileSync(join(folder, "group"), groups);
    const text = namesScript.text.replaceAll("/etc/", `${folder}/`);
    const asked = questions.map((q) => `${q}; printf '%s\\n' "$_w"`).join("\n");
    return runScript(shell, `${text}\n_names=' '\n${asked}`).toString().split("\n").slice(0, -1);
  };

  test("a number has the first name that a listing can show", () => {
    expect(ask(["_name u 0", "_name u 7", "_name u 9", "_name u 10", "_name g 7", "_name g 9"])).toEqual([
      "root",
      "first",
      "last",
      "",
      "many",
      "",
    ]);
  });

  test("what was found is kept, also that nothing was", () => {
    expect(ask(["_name u 7", "_name g 7", "_name u 7", "_name u 10", "_name u 10", "_name u 0"])).toEqual([
      "first",
      "many",
      "first",
      "",
      "",
      "root",
    ]);
  });

  test("a name has its number, and no part of a name has one", () => {
    expect(ask(["_number u second", "_number u 'of two'", "_number u oot", "_number g many", "_number u many", "_number u last"])).toEqual([
      "7",
      "7",
      "",
      "7",
      "",
      "9",
    ]);
  });

  test("a host without the files knows nobody", () => {
    const text = namesScript.text.replaceAll("/etc/", `${folder}/none/`);
    expect(runScript(shell, `${text}\n_names=' '; _name u 0; echo "($_w)"; _number g root; echo "($_w)"`).toString()).toBe("()\n()\n");
  });

  test("who acts is known without asking a program", () => {
    const ids = runScript(shell, `${namesScript.text}\n_me; echo "$_me_u $_me_g"`).toString();
    expect(ids).toBe(`${process.getuid?.()} ${process.getgid?.()}\n`);
  });
});
