import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { colourOf } from "../../src/cli/output.ts";
import { fits, pagerOf, showPaged } from "../../src/cli/pager.ts";

const terminal = (rows = 10, columns = 40): NodeJS.WriteStream & { text: () => string } => {
  const chunks: string[] = [];
  const stream = new PassThrough().on("data", (chunk: Buffer) => chunks.push(chunk.toString("utf8")));
  return Object.assign(stream, { isTTY: true, rows, columns, text: () => chunks.join("") }) as never;
};
const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

describe("the pager", () => {
  it("is REMPART_PAGER, else PAGER, else less", () => {
    expect(pagerOf(true, terminal(), {})).toBe("less");
    expect(pagerOf(true, terminal(), { PAGER: "most" })).toBe("most");
    expect(pagerOf(true, terminal(), { PAGER: "most", REMPART_PAGER: "less -S" })).toBe("less -S");
  });

  it.each([
    ["REMPART_PAGER is empty", { REMPART_PAGER: "", PAGER: "most" }],
    ["PAGER is cat", { PAGER: "cat" }],
    ["it runs in CI", { CI: "true" }],
    ["the terminal is dumb", { TERM: "dumb" }],
  ])("is none when %s", (_why, env) => {
    expect(pagerOf(true, terminal(), env)).toBeUndefined();
  });

  it("is none in a pipe and with --no-pager", () => {
    expect(pagerOf(true, Object.assign(terminal(), { isTTY: false }), {})).toBeUndefined();
    expect(pagerOf(false, terminal(), {})).toBeUndefined();
  });

  it("is not wanted for a text that fits the screen, colours not counted and broken lines counted", () => {
    expect(fits(numbered(9), terminal(10))).toBe(true);
    expect(fits(numbered(10), terminal(10))).toBe(false);
    expect(fits(`\u001b[32m${"x".repeat(38)}\u001b[39m\n`.repeat(9), terminal(10, 40))).toBe(true);
    expect(fits(`${"x".repeat(41)}\n`.repeat(5), terminal(10, 40))).toBe(false);
  });

  it("that is not installed leaves the text on the terminal", async () => {
    const out = terminal();
    await showPaged(numbered(50), "no-such-pager-anywhere 2>/dev/null", out);
    expect(out.text()).toBe(numbered(50));
  });

  it("that is left at once is no failure, however long the text", async () => {
    const out = terminal();
    await showPaged(numbered(200_000), "exit 0", out);
    expect(out.text()).toBe("");
  });

  it("gives Ctrl-C back to the program afterwards", async () => {
    const listener = (): void => undefined;
    process.on("SIGINT", listener);
    const before = process.listeners("SIGINT");
    await showPaged(numbered(50), "true", terminal());
    expect(process.listeners("SIGINT")).toEqual(before);
    process.removeListener("SIGINT", listener);
  });
});

describe("a view that is kept for the pager", () => {
  it("prints what it has when it is closed before its end, as on a hard stop", async () => {
    const url = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
    const program = `
      const { openPagedView } = await import(${url("cli/pagedView.ts")});
      const view = await openPagedView("terminal", { verbose: false, diff: true, colour: false }, "cat >/dev/null");
      view.listen({ event: "warning", message: "now" });
      view.listen({ event: "host", host: "nas", status: "unreachable", message: "no route", help: "plug it in" });
      process.stdout.write("kept\\n");
      view.close();
      view.close();
      process.exit(130);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "ignore"] });
    let out = "";
    child.stdout.on("data", (c: Buffer) => (out += c.toString("utf8")));
    expect(await new Promise((done) => child.on("close", done))).toBe(130);
    expect(out.slice(out.indexOf("kept\n"))).toContain("unreachable  nas  no route\n");
    expect(out.split("no route")).toHaveLength(2);
  });
});

describe("colours", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [false, { FORCE_COLOR: "1" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ])("on a terminal: %s, with %j: %s", (isTTY, env, colour) => {
    expect(colourOf({ isTTY }, env)).toBe(colour);
  });
});

/** The whole program on a terminal of its own (script(1) makes one), 12 lines high, with a stand-in that keeps what it is given as the pager. */
describe("rempart run --check --diff on a terminal", () => {
  let dir = "";
  const read = (name: string): string => readFileSync(join(dir, name), "utf8");
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "rempart-pager-"));
    const content = Array.from({ length: 40 }, (_, i) => `        setting ${i}\n`).join("");
    writeFileSync(
      join(dir, "site.yml"),
      `- hosts: here\n  gather_facts: false\n  tasks:\n    - name: Write it\n      copy:\n        dest: ${dir}/target\n        content: |\n${content.replaceAll("        ", "          ")}`,
    );
    writeFileSync(join(dir, "hosts.yml"), "all: { hosts: { here: { ansible_connection: local } } }\n");
    writeFileSync(join(dir, "pager"), `#!/bin/sh\ncat > ${dir}/paged\necho "pager ended"\n`);
    chmodSync(join(dir, "pager"), 0o755);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  async function onTerminal(args: string, env: Readonly<Record<string, string>>): Promise<{ screen: string; code: number | null }> {
    rmSync(join(dir, "paged"), { force: true });
    const main = resolve(import.meta.dirname, "../../src/cli/launch.js");
    const command = `stty rows 12 cols 80; exec '${process.execPath}' '${main}' ${args}`;
    const { PATH, HOME } = process.env;
    const child = spawn("script", ["-qec", command, "/dev/null"], {
      cwd: dir,
      env: { PATH, HOME, XDG_STATE_HOME: process.env.XDG_STATE_HOME, TERM: "xterm", ...env },
      timeout: 60_000,
    });
    child.stdin.end();
    let screen = "";
    child.stdout.on("data", (c: Buffer) => (screen += c.toString("utf8")));
    const code = await new Promise<number | null>((done) => child.on("close", done));
    return { screen: screen.replaceAll("\r\n", "\n"), code };
  }

  const check = "run site.yml -i hosts.yml --check --detailed-exitcode";

  it("shows the whole output in the pager, coloured, and keeps the exit code", async () => {
    const { screen, code } = await onTerminal(`${check} --diff`, { REMPART_PAGER: join(dir, "pager") });
    expect(screen).toContain("pager ended");
    expect(screen).not.toContain("setting 3");
    expect(read("paged")).toContain("\u001b[32m+setting 39\u001b[39m");
    expect(read("paged")).toContain("checked in");
    expect(code).toBe(2);
  });

  it.each([
    ["--no-pager", "--diff --no-pager", {}],
    ["a pager that is cat", "--diff", { REMPART_PAGER: "cat" }],
    ["CI", "--diff", { CI: "true" }],
  ])("prints straight to the terminal with %s", async (_why, more, env) => {
    const { screen } = await onTerminal(`${check} ${more}`, { REMPART_PAGER: join(dir, "pager"), ...env });
    expect(screen).not.toContain("pager ended");
    expect(screen).toContain("+setting 39");
  });

  it("has no colours with NO_COLOR", async () => {
    await onTerminal(`${check} --diff`, { REMPART_PAGER: join(dir, "pager"), NO_COLOR: "1" });
    expect(read("paged")).toContain("\n      +setting 39\n");
    expect(read("paged")).not.toContain("\u001b[");
  });

  it("shows a plan file in the same way, and straight with --no-pager", async () => {
    const env = { REMPART_PAGER: join(dir, "pager") };
    await onTerminal("plan site.yml -i hosts.yml -o it.plan", env);
    const paged = await onTerminal("show it.plan --diff", env);
    expect(paged.screen).toContain("pager ended");
    expect(read("paged")).toContain("+setting 39");
    const straight = await onTerminal("show it.plan --diff --no-pager", env);
    expect(straight.screen).toContain("+setting 39");
    expect(straight.screen).not.toContain("pager ended");
  });
});
