import { createInterface } from "node:readline";
import { Secret } from "../kernel/value.ts";
import { UsageError } from "./usage.ts";

/** Asks for a secret: without echo on a terminal, else a line of stdin. The question goes to stderr. */
export async function askSecret(question: string): Promise<Secret> {
  const text = process.stdin.isTTY ? await readHidden(question) : await readLine();
  if (!text) throw new UsageError(`no answer to "${question}"`, "answer on the terminal, or give one line on stdin");
  return new Secret(text);
}

let stdinLines: AsyncIterator<string> | undefined;

/** One reader for all questions: each takes the next line. */
async function readLine(): Promise<string | undefined> {
  stdinLines ??= createInterface({ input: process.stdin, terminal: false })[Symbol.asyncIterator]();
  const next = await stdinLines.next();
  return next.done ? undefined : next.value;
}

function readHidden(question: string): Promise<string | undefined> {
  const { stdin, stderr } = process;
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  return new Promise((resolve) => {
    let typed = "";
    const finish = (answer: string | undefined): void => {
      stdin.off("data", read);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      resolve(answer);
    };
    const read = (chunk: string): void => {
      for (const c of chunk) {
        if (c === "\r" || c === "\n") return finish(typed);
        if (c === "\u0003" || (c === "\u0004" && typed === "")) return finish(undefined);
        if (c === "\u007f" || c === "\b") typed = [...typed].slice(0, -1).join("");
        else if (c === "\u0015") typed = "";
        else typed += c;
      }
    };
    stdin.on("data", read);
  });
}
