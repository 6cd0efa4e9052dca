import { AsyncLocalStorage } from "node:async_hooks";
import { $ } from "zx/core";
import type { Channel, Hearing, Line } from "./channel.ts";

/** zx keeps all output of a process; here every chunk is taken as it comes and nothing is kept. */
const forgetful = {
  push: () => 0,
  join: () => "",
  length: 0,
  reduce: () => Buffer.alloc(0),
  [Symbol.iterator]: () => [][Symbol.iterator](),
};

/** A line whose shells are processes of this machine. */
export class SpawnedLine implements Line {
  readonly #starts: (command: string) => string;
  readonly #gone: () => Promise<string | undefined>;
  readonly #open = new Set<Channel>();
  sent = 0;
  received = 0;

  /** `starts` turns a command for the target into one for a shell of this machine. */
  constructor(starts: (command: string) => string, gone: () => Promise<string | undefined> = async () => undefined) {
    this.#starts = starts;
    this.#gone = gone;
  }

  gone(): Promise<string | undefined> {
    return this.#gone();
  }

  async open(command: string): Promise<Channel | { refused: string }> {
    const gone = await this.#gone();
    if (gone !== undefined) return { refused: gone };
    return this.#channel(this.#starts(command));
  }

  async close(): Promise<void> {
    // Their input has ended: a moment for what they clean up when they go.
    for (let waited = 0; this.#open.size > 0 && waited < 50; waited++) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const channel of this.#open) channel.destroy();
  }

  #channel(command: string): Channel {
    // zx hands the options of a call on to all that its process sets off: listeners must not inherit them.
    const outside = AsyncLocalStorage.snapshot();
    const text = Object.assign([command], { raw: [command] });
    const started = $({
      shell: "/bin/sh",
      prefix: "",
      postfix: "",
      quote: (s: string) => s,
      cwd: "/",
      quiet: true,
      nothrow: true,
      stdio: ["pipe", "pipe", "pipe"],
      store: { stdout: forgetful, stderr: forgetful, stdall: forgetful } as never,
    })(text);
    const { child } = started;
    if (!child?.stdin || !child.stdout || !child.stderr) throw new Error("the process has no streams");
    const { stdin, stdout, stderr } = child;
    let hearing: Hearing | undefined;
    const channel: Channel = {
      write: (data) => {
        this.sent += data.length;
        return new Promise((resolve) => stdin.write(data, () => resolve()));
      },
      listen: (hear) => {
        hearing = hear;
      },
      end: () => stdin.end(),
      destroy: () => {
        stdin.destroy();
        child.kill("SIGKILL");
        stdout.destroy();
        stderr.destroy();
      },
    };
    this.#open.add(channel);
    stdin.on("error", () => {});
    stdout.on("data", (chunk: Buffer) => outside(() => this.#hear(hearing, "stdout", chunk)));
    stderr.on("data", (chunk: Buffer) => outside(() => this.#hear(hearing, "stderr", chunk)));
    const streams = [stdout, stderr].map((s) => new Promise((resolve) => s.once("close", resolve)));
    child.once("exit", (code, signal) => {
      // A daemon may hold the streams for ever: what was written before the end comes within a moment.
      const moment = new Promise((resolve) => setTimeout(resolve, 200).unref());
      void Promise.race([Promise.all(streams), moment]).then(() => {
        this.#open.delete(channel);
        outside(() => hearing?.closed(signal ? `the shell was killed (${signal})` : `the shell ended (exit code ${code})`));
        stdout.destroy();
        stderr.destroy();
      });
    });
    return channel;
  }

  #hear(hearing: Hearing | undefined, stream: "stdout" | "stderr", chunk: Buffer): void {
    this.received += chunk.length;
    hearing?.data(stream, chunk);
  }
}
