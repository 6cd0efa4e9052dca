import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { account } from "../../src/facts/account.ts";
import { type PathValue, path } from "../../src/facts/path.ts";
import type { PathKey } from "../../src/facts/path-key.ts";
import { NoAnswer } from "../../src/kernel/fact.ts";
import fc from "../seeded.ts";
import { askHere, freshFolder, shells, type TestShell } from "./shells.ts";

const { fact } = path;
let dir = "";
const at = (name: string): string => join(dir, name);
const sha = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");
const allBytes = Buffer.from(Array.from({ length: 255 }, (_, i) => i + 1));

beforeAll(() => {
  dir = freshFolder();
  chmodSync(dir, 0o755);
  writeFileSync(at("text"), "hello\n", { mode: 0o640 });
  writeFileSync(at("empty"), "");
  writeFileSync(at("no newline"), "a\n\n\nb");
  writeFileSync(at("newlines"), "\n\n\n");
  writeFileSync(at("every byte"), allBytes);
  writeFileSync(at("binary"), Buffer.from("a\0b"));
  writeFileSync(at("large"), "x".repeat(70_000));
  writeFileSync(at("huge"), "y".repeat(1024 * 1024 + 1));
  writeFileSync(at("limit"), Buffer.alloc(1024 * 1024, allBytes));
  writeFileSync(at("it's -> $(odd) \\ `n`"), "odd");
  writeFileSync(at("-dash"), "dash");
  mkdirSync(at("locked"));
  writeFileSync(at("locked/inside"), "secret", { mode: 0o600 });
  writeFileSync(at("unreadable"), "secret", { mode: 0o600 });
  chmodSync(at("locked"), 0o700);
  for (const mode of ["1777", "2755", "4700", "6711", "7000", "0000"]) {
    mkdirSync(at(`dir ${mode}`));
    chmodSync(at(`dir ${mode}`), Number.parseInt(mode, 8));
  }
  symlinkSync("../some where -> else", at("link"));
  symlinkSync("sub", at("folder link"));
  symlinkSync("où est-ce?", at("lien-été"));
  writeFileSync(at("Amélie"), "film");
  writeFileSync(at("tab\there"), "tab");
  spawnSync("mkfifo", [at("pipe")]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function ask(shell: TestShell, keys: readonly PathKey[]): readonly PathValue[] {
  const { stdout, values } = askHere(shell, fact, keys);
  const written = keys.map((key, i) => fact.write?.(key, values[i] as PathValue) ?? Buffer.from("?"));
  expect(Buffer.concat(written.map((w) => Buffer.from(w))).toString("latin1"), "write gives what the script printed").toBe(
    stdout.toString("latin1"),
  );
  return values as readonly PathValue[];
}

describe.each(shells.map((s) => [s.name, s] as const))("the path script on %s", (_name, shell) => {
  test("tells files, folders, links, pipes, devices and nothing apart", () => {
    const keys = ["text", "sub", "link", "pipe", "nothing", "text/below", "folder link"].map((n) => ({ path: at(n) }));
    expect(ask(shell, [...keys, { path: "/dev/null" }, { path: "/" }]).map((v) => v.type)).toEqual([
      "file",
      "directory",
      "link",
      "other",
      "absent",
      "absent",
      "link",
      "other",
      "directory",
    ]);
  });

  test("reads every special bit of a mode", () => {
    const modes = ["1777", "2755", "4700", "6711", "7000", "0000"];
    expect(
      ask(
        shell,
        modes.map((m) => ({ path: at(`dir ${m}`) })),
      ).map((v) => v.mode),
    ).toEqual(modes);
  });

  test("gives names that a shell would take apart, in the order of the keys, twice when asked twice", () => {
    const names = ["newlines", "it's -> $(odd) \\ `n`", "-dash", "no newline", "-dash", "empty", "Amélie", "tab\there"];
    const values = ask(
      shell,
      names.map((n) => ({ path: at(n), want: "content" as const })),
    );
    expect(values.map((v) => v.content)).toEqual(["\n\n\n", "odd", "dash", "a\n\n\nb", "dash", "", "film", "tab"]);
  });

  test("gives the target of a link as it is written", () => {
    expect(
      ask(
        shell,
        ["link", "lien-été"].map((n) => ({ path: at(n) })),
      ).map((v) => v.target),
    ).toEqual(["../some where -> else", "où est-ce?"]);
  });

  test("digests what has the wanted size or is no text for a diff, and shows the text of what differs", () => {
    const other = "0".repeat(64);
    const [same, differs, otherSize, large, huge, binary, otherBinary] = ask(shell, [
      { path: at("text"), want: { size: 6, sha256: sha("hello\n") } },
      { path: at("text"), want: { size: 6, sha256: other } },
      { path: at("text"), want: { size: 7, sha256: other } },
      { path: at("large"), want: { size: 70_000, sha256: other } },
      { path: at("huge"), want: { size: 1, sha256: other } },
      { path: at("binary"), want: { size: 3, sha256: other } },
      { path: at("binary"), want: { size: 4, sha256: other } },
    ]);
    expect(same).toMatchObject({ sha256: sha("hello\n") });
    expect(same).not.toHaveProperty("content");
    expect(differs).toMatchObject({ sha256: sha("hello\n"), content: "hello\n" });
    expect(otherSize).toMatchObject({ content: "hello\n" });
    expect(large).toMatchObject({ sha256: sha("x".repeat(70_000)) });
    expect(large).not.toHaveProperty("content");
    expect(huge).toMatchObject({ sha256: sha("y".repeat(1024 * 1024 + 1)) });
    expect(huge).not.toHaveProperty("content");
    expect(binary).toMatchObject({ sha256: sha("a\0b"), binary: true });
    expect(otherBinary).toMatchObject({ sha256: sha("a\0b"), binary: true });
  });

  test("gives any digest when only the digest is asked", () => {
    const [huge, folder, binary] = ask(
      shell,
      ["huge", "sub", "binary"].map((n) => ({ path: at(n), want: "digest" as const })),
    );
    expect(huge?.sha256).toBe(sha("y".repeat(1024 * 1024 + 1)));
    expect(folder?.type).toBe("directory");
    expect(binary?.sha256).toBe(sha("a\0b"));
  });

  test("gives content of every byte but NUL up to the limit, and none beyond", () => {
    const [bytes, limit, huge] = ask(
      shell,
      ["every byte", "limit", "huge"].map((n) => ({ path: at(n), want: "content" as const })),
    );
    expect(bytes?.bytes).toBe(allBytes.toString("latin1"));
    expect(limit?.sha256).toBe(sha(Buffer.alloc(1024 * 1024, allBytes)));
    expect(huge).not.toHaveProperty("content");
  });

  test("asks 450 paths in one script", () => {
    const keys = Array.from({ length: 450 }, (_, i) => ({
      path: at(i % 3 === 0 ? "text" : `none ${i}`),
      want: { size: 6, sha256: sha("hello\n") },
    }));
    const values = ask(shell, keys);
    expect(values.filter((v) => v.sha256 === sha("hello\n"))).toHaveLength(150);
    expect(values.filter((v) => v.type === "absent")).toHaveLength(300);
  });

  test("believes no listing in which a link's target holds a line break", () => {
    const forged = at("forged");
    rmSync(forged, { force: true });
    symlinkSync(`x\n-rw-r--r-- 1 0 0 6 Nov 21 10:45 ${at("nothing")}`, forged);
    const { values } = askHere(shell, fact, [{ path: forged }, { path: at("nothing") }]);
    rmSync(forged);
    expect(values[0]).toBeInstanceOf(NoAnswer);
    expect(values[1]).not.toMatchObject({ type: "file" });
  });

  test("says that it may not look, instead of saying that nothing is there", () => {
    const as = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
    const names = as ? ["locked/inside", "unreadable", "nothing"] : [];
    const { values } = askHere(
      shell,
      fact,
      names.map((n) => ({ path: at(n), want: { size: 6, sha256: sha("secret") } })),
      as,
    );
    expect(values.map((v) => (v instanceof NoAnswer ? v.why : v.type))).toEqual(
      as ? ["the user of this task may not look there; use become: true", expect.stringContaining("may not read the file"), "absent"] : [],
    );
  });

  test("reads back any text that is written", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        writeFileSync(at("any"), bytes);
        const [content, wanted] = ask(shell, [
          { path: at("any"), want: "content" },
          { path: at("any"), want: { size: bytes.length, sha256: sha(Buffer.from(bytes)) } },
        ]);
        const back = content?.content === undefined ? Buffer.from(content?.bytes ?? "", "latin1") : Buffer.from(content.content);
        expect(content?.binary === true || back.equals(Buffer.from(bytes))).toBe(true);
        expect(content?.binary === true).toBe(bytes.includes(0));
        expect(wanted?.sha256).toBe(sha(Buffer.from(bytes)));
      }),
      { numRuns: 40 },
    );
  });

  test("leaves the shell's options and field separator alone", () => {
    const text = `${fact.script([{ path: "/" }]).text}\nprintf '%s|' "$IFS" "$-" /et[c]`;
    const plain = `printf '%s|' "$IFS" "$-" /et[c]`;
    const run = (t: string): string =>
      askHere(shell, { ...fact, script: () => ({ text: t }) as never, read: (b) => [b.toString() as never] }, [{ path: "/" }])
        .values[0] as unknown as string;
    expect(run(text).split("\n").slice(1).join("\n")).toBe(run(plain));
  });

  test("knows users and groups by name and number, and who acts", () => {
    const keys = [
      { kind: "user", name: "root" },
      { kind: "user", name: "0" },
      { kind: "group", name: "no-such-group" },
      { kind: "user", name: "3999999" },
      { kind: "acting user" },
    ] as const;
    const { stdout, values } = askHere(shell, account.fact, keys);
    const uid = process.getuid?.() ?? -1;
    expect(values.slice(0, 4)).toEqual([
      { exists: true, id: 0, name: "root" },
      { exists: true, id: 0, name: "root" },
      { exists: false },
      { exists: false, id: 3999999 },
    ]);
    expect(values[4]).toMatchObject({ id: uid });
    expect(keys.map((k, i) => account.fact.write?.(k, values[i] as never)).join("")).toBe(stdout.toString());
  });
});
