import { createInterface } from "node:readline";
import type { Prompt } from "../engine/pausing.ts";

/** Asks on the terminal. Ctrl-C while it waits interrupts the run, as everywhere. */
export const prompt: Prompt = (text, signal) => {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return Promise.resolve(null);
  return new Promise((resolve) => {
    const lines = createInterface({ input: stdin, output: stderr });
    const end = (answer: string | undefined): void => {
      signal?.removeEventListener("abort", interrupted);
      lines.close();
      stdin.pause();
      resolve(answer);
    };
    const interrupted = (): void => end(undefined);
    signal?.addEventListener("abort", interrupted);
    // The terminal is read key by key meanwhile, so that Ctrl-C is no signal.
    lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    lines.on("close", interrupted);
    lines.question(`${text}: `, end);
  });
};
