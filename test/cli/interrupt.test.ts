import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";

const program = `
  import { onInterrupt } from ${JSON.stringify(new URL("../../src/cli/interrupt.ts", import.meta.url).href)};
  const signal = onInterrupt((m) => console.log("told: " + m), () => console.log("left"));
  signal.addEventListener("abort", () => console.log("aborted"));
  setInterval(() => {}, 1000);
  console.log("ready");
`;

/** Starts the program, sends the signals after the given pauses, and tells what it printed and how it ended. */
async function interrupted(...pauses: readonly number[]): Promise<{ out: string; code: number | null }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  child.stdout.on("data", (c: Buffer) => (out += c.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  while (!out.includes("ready")) await wait(10);
  for (const pause of pauses) {
    await wait(pause);
    child.kill("SIGINT");
  }
  await wait(200);
  child.kill("SIGKILL");
  return { out, code: await ended };
}

describe("Ctrl-C", () => {
  it("asks the run to end the first time, and says so", async () => {
    const { out, code } = await interrupted(0);
    expect(out).toContain("aborted");
    expect(out).toContain("told: interrupted");
    expect(code).toBeNull();
  });

  it("stops at once the second time, with exit code 130 and a tidy terminal", async () => {
    const { out, code } = await interrupted(0, 500);
    expect(out).toContain("left");
    expect(code).toBe(130);
  });

  it("is one Ctrl-C when a launcher passes on what the terminal sent to all", async () => {
    expect((await interrupted(0, 20)).code).toBeNull();
  });
});
