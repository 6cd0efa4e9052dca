import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { columns } from "../views/visible.ts";

/**
 * The command line of the pager that a person wants: REMPART_PAGER, else PAGER, else less. undefined for none: in a pipe, in CI, on a
 * dumb terminal, with `--no-pager`, and where the variable is empty or `cat`.
 */
export function pagerOf(wanted: boolean, out: NodeJS.WriteStream, env: Readonly<NodeJS.ProcessEnv> = process.env): string | undefined {
  if (!wanted || !out.isTTY || env.CI || env.TERM === "dumb") return undefined;
  const command = (env.REMPART_PAGER ?? env.PAGER ?? "less").trim();
  return command === "" || command === "cat" ? undefined : command;
}

/** Whether a text and the prompt behind it fit the screen; a long line counts as often as it is broken. */
export function fits(text: string, out: Pick<NodeJS.WriteStream, "rows" | "columns">): boolean {
  const [rows, width] = [out.rows || 24, out.columns || 80];
  let used = 1;
  for (const line of stripVTControlCharacters(text).split("\n")) {
    used += Math.max(1, Math.ceil(columns(line) / width));
    if (used > rows + 1) return false;
  }
  return true;
}

/** Prints a text that was scrubbed, through the pager when it is longer than the screen. Done when the person has left the pager. */
export async function showPaged(text: string, command: string | undefined, out: NodeJS.WriteStream = process.stdout): Promise<void> {
  if (command === undefined || fits(text, out)) out.write(text);
  // Where the pager is not installed the text is still to be seen.
  else if (!(await throughPager(text, command))) out.write(text);
}

/** Exit codes of a shell that did not find the command, or may not run it. */
const notRun = [126, 127];

function throughPager(text: string, command: string): Promise<boolean> {
  // Ctrl-C ends a search in the pager, not this program.
  const listeners = process.listeners("SIGINT");
  const ignore = (): void => undefined;
  process.removeAllListeners("SIGINT").on("SIGINT", ignore);
  return new Promise<boolean>((resolve) => {
    // As git does it: colours stay, a short text leaves at once, and the text stays on the screen afterwards.
    const env = { ...process.env, LESS: process.env.LESS ?? "FRX", LV: process.env.LV ?? "-c" };
    const pager = spawn("sh", ["-c", command], { stdio: ["pipe", "inherit", "inherit"], env });
    pager.on("error", () => resolve(false));
    pager.on("close", (code) => resolve(!notRun.includes(code ?? 0)));
    // The pager was left before it had read everything.
    pager.stdin.on("error", ignore);
    pager.stdin.end(text);
  }).finally(() => {
    process.removeListener("SIGINT", ignore);
    for (const listener of listeners) process.on("SIGINT", listener);
  });
}
