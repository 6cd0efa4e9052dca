import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/**
 * A golden screen: a command line, the files that it is run on, and what it must print.
 * Sections begin with a line `=== name`; `=== command`, `=== exit`, `=== stdout`, `=== stderr`; every other one is a file.
 */
export interface Screen {
  readonly command: string;
  readonly files: ReadonlyMap<string, string>;
  readonly seen: Seen;
}

export interface Seen {
  readonly exit: string;
  readonly stdout: string;
  readonly stderr: string;
}

const main = resolve(import.meta.dirname, "../../src/cli/launch.js");

/** The inventory of every screen that brings none. Its hosts are addresses that nobody has: a connection would be noticed. */
const hosts =
  "all:\n  children:\n    home:\n      hosts:\n        proliant: { ansible_host: 192.0.2.1 }\n        nas: { ansible_host: 192.0.2.2 }\n";

export function readScreen(text: string): Screen {
  const files = new Map<string, string>();
  const words = new Map<string, string>();
  for (const part of text.split(/^=== /m).slice(1)) {
    const name = part.slice(0, part.indexOf("\n"));
    const body = part.slice(name.length + 1);
    if (["command", "exit", "stdout", "stderr"].includes(name)) words.set(name, body);
    else files.set(name, body);
  }
  const word = (name: string): string => words.get(name) ?? "";
  return { command: word("command").trim(), files, seen: { exit: word("exit").trim(), stdout: word("stdout"), stderr: word("stderr") } };
}

export function writeScreen(s: Screen): string {
  const files = [...s.files].map(([name, text]) => `=== ${name}\n${text}`).join("");
  const { exit, stdout, stderr } = s.seen;
  return `=== command\n${s.command}\n${files}=== exit\n${exit}\n${stdout ? `=== stdout\n${stdout}` : ""}${stderr ? `=== stderr\n${stderr}` : ""}`;
}

/** Runs the whole program in a folder with just these files. The folder above it reads FOLDER in what was seen. */
export async function play(s: Screen, stdin = ""): Promise<Seen> {
  const above = mkdtempSync(join(tmpdir(), "rempart-screen-"));
  const folder = join(above, "here");
  const files = new Map(s.files);
  if (![...files.keys()].some((f) => f.startsWith("inventory/"))) files.set("inventory/hosts.yml", hosts);
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  try {
    const seen = await runProgram(words(s.command), folder, stdin);
    const clean = (text: string): string => text.replaceAll(above, "FOLDER");
    return { exit: seen.exit, stdout: clean(seen.stdout), stderr: clean(seen.stderr) };
  } finally {
    rmSync(above, { recursive: true });
  }
}

/** Runs the whole program. Its environment holds nothing but PATH, HOME, a state folder and what is given. */
export function runProgram(args: readonly string[], cwd: string, stdin = "", env: Readonly<Record<string, string>> = {}): Promise<Seen> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH, HOME, NO_COLOR: "1", XDG_STATE_HOME: join(cwd, ".state"), ...env },
  });
  child.stdin.end(stdin);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (c: Buffer) => out.push(c));
  child.stderr.on("data", (c: Buffer) => err.push(c));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) =>
      done({ exit: String(code), stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") }),
    );
  });
}

/** Words of a command line without the leading `rempart`; quoted as in a shell. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2] ?? "").slice(1);
}
