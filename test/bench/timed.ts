import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What one run of a program took: wall seconds, and seconds of CPU in it and in all that it waited for. */
export interface Timed {
  readonly seconds: number;
  readonly cpu: number;
}

const run = promisify(execFile);

/** Runs a program to its end, at most `limit` seconds, and takes its times; its output is dropped. Throws when it fails. */
export async function timed(argv: readonly string[], env: Readonly<Record<string, string>> = {}, limit = 120): Promise<Timed> {
  // bash asks the kernel for the child's own times; Node cannot.
  const line = 'exec 3>&2; TIMEFORMAT="times %R %U %S"; time "$@" >/dev/null 2>&3';
  const { stderr } = await run("bash", ["-c", line, "bash", ...argv], { env: { ...process.env, ...env }, timeout: limit * 1000 });
  const [, seconds, user, system] = /^times (\S+) (\S+) (\S+)$/m.exec(stderr) ?? [];
  return { seconds: Number(seconds), cpu: Number(user) + Number(system) };
}
