import { createInterface } from "node:readline";
import type { AskStep } from "../engine/course/stepping.ts";
import { UsageError } from "./usage.ts";

/** Asks on the terminal before each task. Throws UsageError without one. When nobody answers any more, nothing more is done. */
export function askStep(signal: AbortSignal | undefined): AskStep {
  if (!process.stdin.isTTY)
    throw new UsageError("--step asks before each task, and needs a terminal for that", "leave it out, or use --check");
  // Not in raw mode: Ctrl-C interrupts the run as always.
  const lines = createInterface({ input: process.stdin, terminal: false });
  const answers = lines[Symbol.asyncIterator]();
  const interrupted = new Promise<undefined>((resolve) => signal?.addEventListener("abort", () => resolve(undefined), { once: true }));
  return async (task, hosts) => {
    for (;;) {
      process.stderr.write(`do "${task}" on ${hosts.join(", ")}? (y)es, (n)o, (c)ontinue without asking: `);
      const answer = await Promise.race([answers.next(), interrupted]);
      if (answer === undefined || answer.done) return "no";
      const word = answer.value.trim().toLowerCase();
      const found = (["yes", "no", "continue"] as const).find((w) => word !== "" && w.startsWith(word));
      if (found === "continue") lines.close();
      if (found) return found;
    }
  };
}
