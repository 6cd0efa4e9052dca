import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archiveKindOf } from "../../src/facts/archive-script.ts";
import { type Unpacked, type UnpackedKey, unpacked } from "../../src/facts/unpacked.ts";
import { NoAnswer } from "../../src/kernel/fact.ts";
import { memberPattern } from "../../src/modules/parts/member-patterns.ts";
import { unpackStep } from "../../src/modules/parts/unpack-step.ts";
import { askHere, shells, type TestShell } from "./shells.ts";

const dir = mkdtempSync(join(tmpdir(), "rempart-unpack-"));
const at = (name: string): string => join(dir, name);
const has = (program: string): boolean => spawnSync(program, ["-h"]).error === undefined;

function tar(archive: string, ...words: string[]): void {
  const ran = spawnSync("tar", ["-cf", at(archive), "-C", at("src"), ...words]);
  if (ran.status !== 0) throw new Error(ran.stderr.toString());
}

beforeAll(() => {
  mkdirSync(at("src/app/bin"), { recursive: true });
  mkdirSync(at("src/app/empty"));
  mkdirSync(at("src/app/docs/deep"), { recursive: true });
  writeFileSync(at("src/app/bin/run"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(at("src/app/README"), "read me\n", { mode: 0o640 });
  writeFileSync(at("src/app/docs/a.txt"), "a\n");
  writeFileSync(at("src/app/docs/deep/b.txt"), "b\n");
  for (const name of ["it's $(odd)", "[x]*", "Amélie", "two words"]) writeFileSync(at(`src/app/${name}`), name);
  symlinkSync("bin/run", at("src/app/start"));
  spawnSync("ln", [at("src/app/README"), at("src/app/twin")]);
  utimesSync(at("src/app/README"), 1_577_934_245, 1_577_934_245);
  chmodSync(at("src/app/empty"), 0o2750);
  chmodSync(at("src"), 0o700);
  tar("all.tar", "app");
  tar("dot.tar", ".");
  tar("up.tar", "-P", "--transform", "s,^app/README,../../evil,", "app/README");
  tar("root.tar", "-P", "--transform", "s,^app/README,/tmp/evil,", "app/README");
  symlinkSync("/tmp", at("src/out"));
  tar("through.tar", "--transform", "s,^app/README,out/evil,", "out", "app/README");
  spawnSync("mkfifo", [at("src/pipe")]);
  tar("pipe.tar", "pipe");
  rmSync(at("src/pipe"));
  rmSync(at("src/out"));
  for (const [, words] of [
    ["gz", ["gzip", "-k"]],
    ["xz", ["xz", "-k"]],
    ["zst", ["zstd", "-q"]],
    ["bz2", ["bzip2", "-k"]],
  ] as const)
    if (has(words[0])) spawnSync(words[0], [...words.slice(1), at("all.tar")]);
  if (has("zip")) spawnSync("zip", ["-qry", at("all.zip"), "app"], { cwd: at("src") });
  spawnSync("sh", ["-c", `head -c 300 '${at("all.tar.gz")}' >'${at("cut.tar.gz")}'; printf 'no archive' >'${at("text.tar")}'`]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let folders = 0;
function fresh(): string {
  const dest = at(`dest${++folders}`);
  mkdirSync(dest);
  return dest;
}

function keyOf(archive: string, dest: string, more: Partial<UnpackedKey> = {}): UnpackedKey {
  return { archive: at(archive), kind: archiveKindOf(archive) ?? "tar", dest, strip: 0, list: false, ...more };
}

function ask(shell: TestShell, key: UnpackedKey): Unpacked | string {
  const [value] = askHere(shell, unpacked.fact, [key]).values;
  if (!value) throw new Error("no answer");
  return value instanceof NoAnswer ? value.why : value;
}

function unpack(shell: TestShell, key: UnpackedKey, more = {}): string {
  const { argv } = unpackStep({ ...key, owner: "", mode: "", destMode: "0755", ...more });
  const [program = "", ...args] = shell.argv;
  const ran = spawnSync(program, [...args, ...argv.slice(1)], { env: { PATH: shell.path, LC_ALL: "C" }, cwd: "/", input: "" });
  return `${ran.status} ${ran.stderr.toString()}`;
}

const kinds = ["all.tar", "all.tar.gz", "all.tar.xz", "all.tar.zst", "all.tar.bz2", "all.zip"];
const everything = 15;

describe.each(shells.map((s) => [s.name, s] as const))("an archive on %s", (name, shell) => {
  const here = kinds.filter((k) => name !== "busybox ash" || k === "all.tar" || k === "all.tar.gz");

  test.each(here)("%s is unpacked once, and all of it lies there afterwards", (archive) => {
    if (!existsSync(at(archive))) return;
    const key = keyOf(archive, fresh(), { list: true });
    expect(ask(shell, key)).toMatchObject({ present: true, members: everything, due: everything, modes: [], owners: [] });
    expect(unpack(shell, key)).toBe("0 ");
    const after = ask(shell, key) as Unpacked;
    expect(after).toMatchObject({ due: 0, first: [], owners: [`${process.getuid?.()}:${process.getgid?.()}`] });
    expect(after.modes.filter(([packed, now]) => packed !== now)).toEqual([]);
    expect(after.names).toContain("app/it's $(odd)");
  });

  test("what was changed, removed or replaced is seen", () => {
    const key = keyOf("all.tar.gz", fresh());
    unpack(shell, key);
    writeFileSync(join(key.dest, "app/docs/a.txt"), "longer\n");
    rmSync(join(key.dest, "app/bin/run"));
    rmSync(join(key.dest, "app/start"));
    symlinkSync("elsewhere", join(key.dest, "app/start"));
    utimesSync(join(key.dest, "app/docs/deep/b.txt"), 5, 5);
    chmodSync(join(key.dest, "app/empty"), 0o700);
    const seen = ask(shell, key) as Unpacked;
    expect(seen.due).toBe(4);
    expect([...seen.first].sort()).toEqual(["app/bin/run", "app/docs/a.txt", "app/docs/deep/b.txt", "app/start"]);
    expect(seen.modes).toContainEqual(["drwxr-s---", "drwx------"]);
    expect(unpack(shell, key)).toBe("0 ");
    expect(ask(shell, key)).toMatchObject({ due: 0 });
  });

  test("parts are taken from the front of the names, and only what is wanted is unpacked", () => {
    const key = keyOf("all.tar.gz", fresh(), {
      strip: 1,
      keep: memberPattern(["app/docs", ...(name === "busybox ash" ? ["app/two*"] : ["app/[x]*"]), "app/s*"]),
      drop: memberPattern(["app/docs/deep"]),
      list: true,
    });
    expect(unpack(shell, key)).toBe("0 ");
    expect(ask(shell, key)).toMatchObject({ due: 0, members: 3 });
    expect([...(ask(shell, key) as Unpacked).names].sort()).toEqual([
      ...(name === "busybox ash" ? [] : ["[x]*"]),
      "docs/a.txt",
      "start",
      ...(name === "busybox ash" ? ["two words"] : []),
    ]);
    expect(existsSync(join(key.dest, "docs/deep"))).toBe(false);
    expect(existsSync(join(key.dest, "app"))).toBe(false);
  });

  test("owner and mode are set on what was unpacked alone", () => {
    const dest = fresh();
    writeFileSync(join(dest, "mine"), "", { mode: 0o600 });
    // Other programs than GNU's chmod take the set-group bit of a folder away, and BusyBox's tar takes names that it is given for patterns.
    const key = keyOf("all.tar", dest, { drop: memberPattern(["app/empty", "app/[x]*"]) });
    expect(unpack(shell, key, { owner: ":12", mode: "u=rwX,g=rX,o=" })).toBe("0 ");
    const seen = ask(shell, key) as Unpacked;
    expect(seen.owners).toEqual([`${process.getuid?.()}:12`]);
    expect([...new Set(seen.modes.map(([, now]) => now))].sort()).toEqual(["-rw-r-----", "-rwxr-x---"].sort());
    expect(lstatSync(join(dest, "mine")).gid).not.toBe(12);
  });

  test("an entry for the folder itself changes nothing of it", () => {
    const key = keyOf("dot.tar", fresh());
    expect(unpack(shell, key)).toBe("0 ");
    expect(lstatSync(key.dest).mode & 0o7777).toBe(0o755);
    expect(ask(shell, key)).toMatchObject({ due: 0 });
  });

  test.each([
    ["up.tar", /outside of the folder|removing leading/i],
    ["root.tar", /outside of the folder|removing leading/i],
    ["through.tar", /through a link of its own/],
    ["pipe.tar", /a device or a pipe/],
    ["cut.tar.gz", /./],
    ["text.tar", /./],
  ])("%s is refused by the question and by the step, and nothing is unpacked", (archive, why) => {
    const key = keyOf(archive, fresh());
    const answer = ask(shell, key);
    expect(typeof answer === "string" ? answer : "").toMatch(why);
    expect(unpack(shell, key)).toMatch(/^1 ./);
    expect(spawnSync("ls", ["-A", key.dest]).stdout.toString()).toBe("");
    expect(existsSync("/tmp/evil")).toBe(false);
  });

  test("without an archive there is nothing to compare", () => {
    expect(ask(shell, keyOf("nosuch.tar", fresh()))).toMatchObject({ present: false });
  });
});
