import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const launcher = resolve(import.meta.dirname, "../../src/cli/launch.js");

/** A Node of this machine that is older than 24, if there is one. */
const older = (process.env.PATH ?? "")
  .split(":")
  .map((folder) => resolve(folder, "node"))
  .find((node) => {
    const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
    return typeof stdout === "string" && /^v(20|22)\./.test(stdout);
  });

describe("the launcher", () => {
  it("runs the program on this Node when it is new enough", () => {
    expect(execFileSync(process.execPath, [launcher, "--version"], { encoding: "utf8" })).toContain(process.versions.node);
  });

  it.skipIf(older === undefined)("starts Node 24 from an older one and hands on arguments and exit code", () => {
    expect(execFileSync(older ?? "", [launcher, "--version"], { encoding: "utf8" })).toContain("Node 24.");
    const { status, stderr } = spawnSync(older ?? "", [launcher, "run", "--no such"], { encoding: "utf8" });
    expect(status).toBe(3);
    expect(stderr).toContain("--no such");
  });
});

describe("a pipe whose reader has gone", () => {
  it("ends the program without a complaint", () => {
    const { stderr } = spawnSync("sh", ["-c", `'${process.execPath}' '${launcher}' schema | head -c 10`], { encoding: "utf8" });
    expect(stderr).toBe("");
  });
});
