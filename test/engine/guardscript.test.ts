import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { armScript, disarmScript, undoNowScript } from "../../src/engine/guard/guardscript.ts";
import { shells } from "../facts/shells.ts";

const undo = { paths: ["/etc/it's here", "/etc/b"], run: [["sh", "-c", 'echo "$1"', "sh", "a b"]] };
const arm = armScript("0a1b", undo, 0, 90);

describe.each(shells.map((s) => [s.name, s] as const))("the scripts of a guard in %s", (_name, { argv, path: PATH }) => {
  const [program = "sh", ...words] = argv;
  const run = (input: string, ...more: readonly string[]): unknown =>
    execFileSync(program, [...words, ...more], { input, stdio: ["pipe", "pipe", "pipe"], env: { PATH } });

  it.each([
    ["arm", arm],
    ["extend", armScript("0a1b", undo, 1)],
    ["disarm", disarmScript("0a1b")],
    ["undo now", undoNowScript("0a1b")],
    ["the undo", /<<'END-OF-UNDO'\n(.*)END-OF-UNDO\n/s.exec(arm)?.[1] ?? "("],
  ])("are whole: %s", (_what, text) => {
    run(text, "-n");
  });

  it("keep a file with its mode, a link as a link, the attributes of a folder, and nothing of nothing", () => {
    const at = mkdtempSync(join(tmpdir(), "rempart-keep-"));
    const path = (name: string): string => join(at, name);
    writeFileSync(path("a file"), "text\n", { mode: 0o640 });
    symlinkSync("a file", path("link"));
    mkdirSync(path("folder"));
    chmodSync(path("folder"), 0o1750);
    const names = ["a file", "link", "folder", "nothing"];
    const text = `${arm.slice(0, arm.indexOf("arm()"))}cd '${at}' && mkdir kept && cd kept\n${names.map((n, i) => `keep ${i} '${path(n)}' || exit 1\n`).join("")}`;
    run(text);
    const kept = (name: string): string => join(at, "kept", name);
    expect(readFileSync(kept("0/copy"), "utf8")).toBe("text\n");
    expect(statSync(kept("0/copy")).mode & 0o7777).toBe(0o640);
    expect(readlinkSync(kept("1/copy"))).toBe("a file");
    expect(readFileSync(kept("2/folder"), "utf8")).toBe(`1750 ${process.getuid?.()} ${process.getgid?.()}\n`);
    expect([existsSync(kept("3/copy")), existsSync(kept("3/folder")), existsSync(kept("3"))]).toEqual([false, false, true]);
  });
});

it("a guard never keeps what was kept before, and starts the clock once", () => {
  const more = armScript("0a1b", undo, 1);
  expect(more).not.toContain("keep 0 ");
  expect(more).toContain("keep 1 /etc/b");
  expect(more).toContain("back 0 '/etc/it'\\''s here'");
  expect(more).not.toContain("OnActiveSec");
});
