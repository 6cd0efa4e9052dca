import { createInterface } from "node:readline";
import type { Prompt } from "../engine/act/pausing.ts";

/** A terminal, or what is none. */
export type Ends = readonly [
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream & { readonly isTTY?: boolean },
];

/** Asks on a terminal. Ctrl-C while it waits is told to `interrupt`; the end of the input counts as an interruption, too. */
export function promptOn([input, output]: Ends, interrupt: () => void): Prompt {
  return (text, signal) => {
    if (!input.isTTY || !output.isTTY) return Promise.resolve(null);
    return new Promise((resolve) => {
      const lines = createInterface({ input, output, terminal: true });
      const end = (answer: string | undefined): void => {
        signal?.removeEventListener("abort", aborted);
        resolve(answer);
        lines.close();
        input.pause();
      };
      const aborted = (): void => end(undefined);
      signal?.addEventListener("abort", aborted);
      // The terminal is read key by key meanwhile, so that Ctrl-C is no signal.
      lines.on("SIGINT", interrupt);
      lines.on("close", aborted);
      lines.question(`${text}: `, end);
    });
  };
}

/** On the terminal of the run, where Ctrl-C interrupts it as everywhere. */
export const prompt = promptOn([process.stdin, process.stderr], () => process.kill(process.pid, "SIGINT"));
