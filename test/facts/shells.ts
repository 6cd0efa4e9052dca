import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fact } from "../../src/kernel/fact.ts";

/** Every shell of this machine that a target may have; BusyBox with nothing but its own applets in PATH. */
export interface TestShell {
  readonly name: string;
  readonly argv: readonly string[];
  readonly path: string;
}

const applets = [
  "ash",
  "awk",
  "cat",
  "find",
  "grep",
  "head",
  "id",
  "ls",
  "readlink",
  "sed",
  "sh",
  "sha256sum",
  "tr",
  "wc",
  "chgrp",
  "chmod",
  "chown",
  "cp",
  "mv",
  "sleep",
  "touch",
  "ln",
  "mkdir",
  "rm",
  "nc",
  "date",
  "gzip",
  "mktemp",
  "tar",
  "xargs",
];

function appletFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "rempart-applets-"));
  for (const applet of applets) symlinkSync("/usr/bin/busybox", join(dir, applet));
  // Some questions are asked as another user.
  chmodSync(dir, 0o755);
  return dir;
}

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export const shells: readonly TestShell[] = [
  { name: "sh", argv: ["/bin/sh"], path: systemPath },
  ...(existsSync("/bin/bash") ? [{ name: "bash", argv: ["/bin/bash", "--norc", "--posix"], path: systemPath }] : []),
  ...(existsSync("/usr/bin/busybox") ? [{ name: "busybox ash", argv: ["/usr/bin/busybox", "ash"], path: appletFolder() }] : []),
];

/** The usual shell with wget, but without curl. BusyBox will not do: linked statically, its own wget cannot look up addresses. */
export function shellWithoutCurl(): TestShell {
  const dir = mkdtempSync(join(tmpdir(), "rempart-no-curl-"));
  for (const tool of [...applets.filter((a) => a !== "ash" && a !== "nc"), "wget"]) {
    const found = systemPath
      .split(":")
      .map((d) => join(d, tool))
      .find((p) => existsSync(p));
    if (found) symlinkSync(found, join(dir, tool));
  }
  return { name: "sh without curl", argv: ["/bin/sh"], path: dir };
}

/** What the script printed, run inside a function as a transport does. Anything on stderr is an error. */
export function runScript(shell: TestShell, text: string, as?: { readonly uid: number; readonly gid: number }): Buffer {
  const wrapped = `_f() {\n${text}\n}\n_f\n`;
  const [program = "", ...args] = shell.argv;
  const run = spawnSync(program, [...args, "-c", wrapped], {
    env: { PATH: shell.path, LC_ALL: "C" },
    cwd: "/",
    input: "",
    maxBuffer: 64 * 1024 * 1024,
    ...as,
  });
  if (run.error) throw run.error;
  if (run.stderr.length > 0) throw new Error(`${shell.name}: ${run.stderr.toString().slice(0, 2000)}`);
  return run.stdout;
}

/** Asks on this machine; also what `write` makes of each value, so that a test can hold it against what was printed. */
export function askHere<K, V>(shell: TestShell, fact: Fact<K, V>, keys: readonly K[], as?: { readonly uid: number; readonly gid: number }) {
  const stdout = runScript(shell, fact.script(keys).text, as);
  const values = fact.read(stdout, keys);
  return { stdout, values };
}

export function freshFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), "rempart-facts-"));
  mkdirSync(join(dir, "sub"));
  return dir;
}
