import { spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Found, found } from "../../src/facts/found.ts";
import type { FoundKey } from "../../src/facts/found-key.ts";
import { NoAnswer } from "../../src/kernel/fact.ts";
import { askHere, freshFolder, shells, type TestShell } from "./shells.ts";

let dir = "";
const at = (name: string): string => join(dir, name);
const old = new Date("2020-01-02T03:04:05Z");
const usual = { names: [], not: [], type: "file", depth: 1, hidden: false, digest: false } as const;

beforeAll(() => {
  dir = freshFolder();
  for (const name of ["a.log", "b.log", "c.txt", ".hidden.log", "it's $(odd) \\ `n`", "line\nbreak", "Amélie", "-dash", "[x]"])
    writeFileSync(at(name), `${name}\n`, { mode: 0o640 });
  writeFileSync(at("large"), "x".repeat(5000));
  utimesSync(at("a.log"), old, old);
  writeFileSync(at("sub/deep.log"), "key = 1\nother\n");
  mkdirSync(at("sub/below"));
  writeFileSync(at("sub/below/deeper.log"), "other\nkey = 1\n");
  chmodSync(at("sub/below"), 0o2750);
  symlinkSync("a.log", at("link.log"));
  symlinkSync("sub", at("folder link"));
  linkSync(at("b.log"), at("b2.log"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function ask(shell: TestShell, key: Partial<FoundKey>): Found {
  const [value] = askHere(shell, found.fact, [{ ...usual, paths: [dir], ...key }]).values;
  if (!value || value instanceof NoAnswer) throw new Error(`no answer: ${value?.why}`);
  return value;
}
const names = (value: Found): string[] => value.entries.map((e) => e.path.slice(dir.length + 1));

/** The applets of BusyBox here are few: there is no stat. */
describe.each(shells.map((s) => [s.name, s] as const))("the found script on %s", (_name, shell) => {
  test("finds what fits one of the patterns and none of the excluded, in the folders themselves", () => {
    expect(names(ask(shell, { names: ["*.log", "c*"], not: ["b2*"] }))).toEqual(["a.log", "b.log", "c.txt"]);
  });

  test("goes as deep as asked, and finds hidden names only when asked", () => {
    expect(names(ask(shell, { names: ["*.log"], depth: 2 }))).toContain("sub/deep.log");
    expect(names(ask(shell, { names: ["*.log"], depth: 2 }))).not.toContain("sub/below/deeper.log");
    expect(names(ask(shell, { names: ["*.log"], depth: null, hidden: true }))).toEqual([
      ".hidden.log",
      "a.log",
      "b.log",
      "b2.log",
      "sub/below/deeper.log",
      "sub/deep.log",
    ]);
  });

  test("tells folders and links apart from files, and follows no link", () => {
    expect(names(ask(shell, { type: "directory", depth: null }))).toEqual(["sub", "sub/below"]);
    expect(names(ask(shell, { type: "link" }))).toEqual(["folder link", "link.log"]);
    expect(ask(shell, { type: "directory", depth: null, names: ["below"] }).entries[0]).toMatchObject({ type: "directory", mode: "2750" });
    expect(ask(shell, { type: "any", names: ["link.log"] }).entries[0]).toMatchObject({ type: "link", mode: "0777" });
  });

  test("gives names as they are, whatever they hold", () => {
    for (const name of ["it's $(odd) \\ `n`", "line\nbreak", "Amélie", "-dash", "[x]"]) expect(names(ask(shell, {})), name).toContain(name);
    expect(names(ask(shell, { names: ["it's $(odd) \\\\ `n`".replace("\\\\", "\\")] }))).toEqual(["it's $(odd) \\ `n`"]);
  });

  test("tells mode, owner, size, links and the time of the content", () => {
    expect(ask(shell, { names: ["a.log"] }).entries[0]).toMatchObject({
      mode: "0640",
      uid: process.getuid?.(),
      size: 6,
      links: 1,
      mtime: old.getTime() / 1000,
    });
    expect(ask(shell, { names: ["b2.log"] }).entries[0]?.links).toBe(2);
  });

  test("looks at size and content", () => {
    expect(names(ask(shell, { size: 1000 }))).toEqual(["large"]);
    expect(names(ask(shell, { size: -6, names: ["*.log", "large"] }))).toEqual(["a.log", "b.log", "b2.log"]);
    const line = { line: "^(key *=)", depth: null, names: ["deep*"] };
    expect(names(ask(shell, line))).toEqual(["sub/below/deeper.log", "sub/deep.log"]);
    expect(names(ask(shell, { ...line, line: "^(1)" }))).toEqual([]);
  });

  test("digests what it found when asked", () => {
    expect(ask(shell, { names: ["sub", "a.log"], type: "any", digest: true }).entries.map((e) => e.sha256?.length)).toEqual([
      64,
      undefined,
    ]);
  });

  test("tells what was not searched, and how many names fitted", () => {
    const value = ask(shell, { paths: [at("nosuch"), at("a.log"), dir, at("sub")], names: ["deep*", "a*"], size: 6 });
    expect(value.skipped).toEqual({ [at("nosuch")]: "there is nothing", [at("a.log")]: "it is not a folder" });
    expect(value.examined).toBe(2);
    expect(names(value)).toEqual(["a.log", "sub/deep.log"]);
  });

  test("refuses an expression that grep does not understand", () => {
    expect(askHere(shell, found.fact, [{ ...usual, paths: [dir], line: "^(()" }]).values[0]).toBeInstanceOf(NoAnswer);
  });
});

test("with a date the age counts", () => {
  const [shell] = shells;
  if (!shell) return;
  expect(names(ask(shell, { age: 86_400, names: ["*.log"] }))).toEqual(["a.log"]);
  expect(names(ask(shell, { age: -86_400, names: ["*.log"] }))).toEqual(["b.log", "b2.log"]);
});

test("more names than can be sent are no answer", () => {
  const [shell] = shells;
  if (!shell) return;
  mkdirSync(at("many"));
  spawnSync("sh", ["-c", "seq 10001 | xargs touch"], { cwd: at("many") });
  const [value] = askHere(shell, found.fact, [{ ...usual, paths: [at("many")] }]).values;
  expect(value).toBeInstanceOf(NoAnswer);
  rmSync(at("many"), { recursive: true });
});
