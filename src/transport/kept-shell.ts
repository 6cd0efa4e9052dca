import type { Channel, Stream } from "./channel.ts";
import type { Entered } from "./enter.ts";
import { frame, type Surroundings, welcome } from "./frame.ts";
import { Kept } from "./kept.ts";
import { MarkReader, newMark } from "./marks.ts";

/** Who takes what a script says, stream by stream. */
export interface FrameListener {
  text(stream: Stream, chunk: Buffer): void;
  mark(stream: Stream, words: readonly string[]): void;
}

export type FrameEnd =
  | { readonly status: "ended"; readonly rc: number; readonly processes: number }
  /** The shell is gone; what the script did is unknown. */
  | { readonly status: "closed"; readonly why: string };

interface Running {
  readonly readers: Readonly<Record<Stream, MarkReader>>;
  readonly left: Set<Stream>;
  readonly done: (end: FrameEnd) => void;
  started: boolean;
  end: FrameEnd;
}

/** A shell that stays, and runs one script after the other, each in its own child. */
export class KeptShell {
  readonly #channel: Channel;
  readonly #surroundings: Surroundings;
  #welcomed = false;
  #running: Running | undefined;
  #closed: string | undefined;
  #retired = false;
  /** Process id on the target, known from the first script on. */
  pid: string | undefined;
  /** Bytes that came when nobody had asked. */
  late = 0;
  /** Has it run steps? Then something may still hold its output. */
  acted = false;

  readonly #early = new Kept(16 * 1024);
  /** What is written before the first script. */
  readonly word: string;

  constructor({ channel, word }: Entered, surroundings: Surroundings) {
    this.#channel = channel;
    this.word = word;
    this.#surroundings = surroundings;
    channel.listen({ data: (stream, chunk) => this.#hear(stream, chunk), closed: (why) => this.#close(why) });
  }

  /** May it be given another script? */
  get usable(): boolean {
    return this.#closed === undefined && !this.#retired && this.late === 0;
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** No other script shall run here. */
  retire(): void {
    this.#retired = true;
  }

  /** Runs a script and tells the listener what it says. The script is a function of the mark. */
  async run(script: (mark: string) => Buffer, listener: FrameListener, outside = ""): Promise<FrameEnd> {
    if (this.#running) throw new Error("the shell is busy");
    if (this.#closed !== undefined) return { status: "closed", why: this.#closed };
    const mark = newMark();
    const text = frame(mark, script(mark), this.#welcomed ? outside : welcome(this.#surroundings) + outside);
    const data = this.#welcomed || this.word === "" ? text : Buffer.concat([Buffer.from(`${this.word}\n`), text]);
    this.#welcomed = true;
    const ended = new Promise<FrameEnd>((done) => {
      const reader = (stream: Stream): MarkReader =>
        new MarkReader(
          mark,
          (chunk) => this.#said(stream, chunk, listener),
          (words) => this.#marked(stream, words, listener),
        );
      const end: FrameEnd = { status: "closed", why: "the shell ended" };
      this.#running = {
        readers: { stdout: reader("stdout"), stderr: reader("stderr") },
        left: new Set(["stdout", "stderr"]),
        done,
        started: false,
        end,
      };
    });
    await Promise.race([this.#channel.write(data), ended]);
    return ended;
  }

  /** Drops the shell and whatever it runs. */
  destroy(): void {
    this.#retired = true;
    this.#channel.destroy();
  }

  /** Lets an idle shell go. */
  end(): void {
    this.#retired = true;
    this.#channel.end();
  }

  /** What was said before the first script began, for people. */
  get early(): string {
    return this.#early.text();
  }

  #hear(stream: Stream, chunk: Buffer): void {
    if (this.pid === undefined) this.#early.add(chunk);
    const running = this.#running;
    if (running?.left.has(stream)) running.readers[stream].feed(chunk);
    else this.#unasked(chunk);
  }

  /** What a login prints before the first script is no harm. */
  #unasked(chunk: Buffer): void {
    if (this.pid !== undefined) this.late += chunk.length;
  }

  #said(stream: Stream, chunk: Buffer, listener: FrameListener): void {
    const running = this.#running;
    if (!running?.left.has(stream) || (stream === "stdout" && !running.started)) this.#unasked(chunk);
    else listener.text(stream, chunk);
  }

  #marked(stream: Stream, words: readonly string[], listener: FrameListener): void {
    const running = this.#running;
    if (!running) return;
    if (words[0] === "s") {
      this.pid = words[1];
      running.started = true;
      listener.mark(stream, words);
    } else if (words[0] === "z") this.#ended(stream, words, running);
    else listener.mark(stream, words);
  }

  #ended(stream: Stream, words: readonly string[], running: Running): void {
    running.left.delete(stream);
    if (stream === "stdout") {
      const [rc, before, after] = words.slice(1).map(Number);
      running.end = { status: "ended", rc: rc ?? 0, processes: before && after ? Math.max(0, after - before) : 0 };
    }
    if (running.left.size > 0) return;
    // The mark may stand in the middle of a chunk: what follows it is late, and counted before anybody goes on.
    queueMicrotask(() => {
      this.late += running.readers.stdout.flush().length + running.readers.stderr.flush().length;
      this.#running = undefined;
      running.done(running.end);
    });
  }

  #close(why: string): void {
    this.#closed = why;
    const running = this.#running;
    this.#running = undefined;
    running?.done({ status: "closed", why });
  }
}
