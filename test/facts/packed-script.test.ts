import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { packKinds } from "../../src/facts/pack-script.ts";
import { type Packed, type PackedKey, packed } from "../../src/facts/packed.ts";
import { NoAnswer } from "../../src/kernel/fact.ts";
import { packStep } from "../../src/modules/parts/pack-step.ts";
import { askHere, shells, type TestShell } from "./shells.ts";

const base = mkdtempSync(join(tmpdir(), "rempart-pack-"));
let dir = "";
let count = 0;
beforeEach(() => {
  dir = join(base, String(++count));
  mkdirSync(join(dir, "app/cache/deep"), { recursive: true });
  mkdirSync(join(dir, "app/sub/cache"), { recursive: true });
  for (const name of [
    "app/one",
    "app/it's $(odd) [x]",
    "app/-dash",
    "app/cache/deep/two",
    "app/sub/cache/kept",
    "app/sub/a.tmp",
    "b.log",
    "c.log",
  ])
    writeFileSync(join(dir, name), `${name}\n`);
  symlinkSync("one", join(dir, "app/link"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const key = (more: Partial<PackedKey> = {}): PackedKey => ({
  kind: "gz",
  root: dir,
  patterns: ["app"],
  not: [],
  dest: join(dir, "out"),
  archive: false,
  ...more,
});

function ask(shell: TestShell, k: PackedKey): Packed | string {
  const [value] = askHere(shell, packed.fact, [k]).values;
  return value instanceof NoAnswer ? value.why : (value ?? "");
}

function pack(shell: TestShell, k: PackedKey, remove = false): string {
  const uid = String(process.getuid?.());
  const { argv } = packStep(k, { mode: "0640", uid: 0, gid: 0, owner: uid, group: String(process.getgid?.()) }, remove);
  const [program = "", ...args] = shell.argv;
  const ran = spawnSync(program, [...args, ...argv.slice(1)], { env: { PATH: shell.path, LC_ALL: "C" }, cwd: "/", input: "" });
  return `${ran.status} ${ran.stderr.toString()}`;
}

const names = (k: PackedKey): string[] => spawnSync("tar", ["-tf", k.dest, "--quoting-style=literal"]).stdout.toString().trim().split("\n");
const whole = shells.filter((s) => s.name !== "busybox ash");

describe.each(whole.map((s) => [s.name, s] as const))("packing on %s", (_name, shell) => {
  test.each(packKinds)("as %s the same files give the same archive, and every change of them is seen", (kind) => {
    const k = key({ kind });
    expect(ask(shell, k)).toEqual({ count: 12, single: false, same: false });
    expect(pack(shell, k)).toBe("0 ");
    expect(statSync(k.dest).mode & 0o777).toBe(0o640);
    expect(ask(shell, k)).toEqual({ count: 12, single: false, same: true });
    const first = readFileSync(k.dest);
    writeFileSync(join(dir, "app/new"), "");
    expect(ask(shell, k)).toMatchObject({ same: false });
    rmSync(join(dir, "app/new"));
    spawnSync("touch", ["-d", "2020-01-01", join(dir, "app/one")]);
    expect(ask(shell, k)).toMatchObject({ same: false });
    expect(pack(shell, k)).toBe("0 ");
    expect(readFileSync(k.dest).equals(first)).toBe(false);
    expect(ask(shell, k)).toMatchObject({ same: true });
  });

  test("what is left out is left out, and so is the archive itself", () => {
    const k = key({ not: ["app/cache", "name:*.tmp"], patterns: ["app", "*.log"], dest: join(dir, "app/out.tar.gz") });
    expect(pack(shell, k)).toBe("0 ");
    expect(names(k)).toEqual([
      "app/",
      "app/-dash",
      "app/it's $(odd) [x]",
      "app/link",
      "app/one",
      "app/sub/",
      "app/sub/cache/",
      "app/sub/cache/kept",
      "b.log",
      "c.log",
    ]);
    expect(ask(shell, k)).toEqual({ count: 10, single: false, same: true });
  });

  test("an archive in the folder that it holds leaves the folder's time as it was", () => {
    const k = key({ patterns: ["app"], dest: join(dir, "app/whole.tar.gz") });
    utimesSync(join(dir, "app"), 1_700_000_000, 1_700_000_000);
    expect(pack(shell, k)).toBe("0 ");
    expect(statSync(join(dir, "app")).mtimeMs).toBe(1_700_000_000_000);
    expect(ask(shell, k)).toMatchObject({ same: true });
    rmSync(k.dest);
  });

  test("what was packed is removed when asked, and then there is nothing more to pack", () => {
    const k = key({ patterns: ["*.log"] });
    expect(pack(shell, k, true)).toBe("0 ");
    expect([existsSync(join(dir, "b.log")), existsSync(join(dir, "c.log")), existsSync(join(dir, "app/one"))]).toEqual([
      false,
      false,
      true,
    ]);
    expect(names(k)).toEqual(["b.log", "c.log"]);
    expect(ask(shell, k)).toEqual({ count: 0, single: false, same: false });
  });
});

test.each(shells.map((s) => [s.name, s] as const))(
  "on %s one file alone is only compressed, unless an archive is asked for",
  (name, shell) => {
    const k = key({ patterns: ["b.log"] });
    expect(pack(shell, k)).toBe("0 ");
    expect(spawnSync("gzip", ["-dc", k.dest]).stdout.toString()).toBe("b.log\n");
    expect(ask(shell, k)).toEqual({ count: 1, single: true, same: true });
    const asked = ask(shell, { ...k, archive: true });
    if (name === "busybox ash") expect(asked).toMatch(/GNU tar only/);
    else expect(asked).toEqual({ count: 1, single: false, same: false });
  },
);
