import type { Stream } from "./channel.ts";
import { Kept } from "./kept.ts";
import type { FrameListener } from "./kept-shell.ts";
import { type LockSaid, readLock } from "./lock.ts";

/** Output of one step that is kept, per stream. */
const stepLimit = 1024 * 1024;
/** A longer answer is none. */
const answerLimit = 64 * 1024 * 1024;

/** What one step said so far. */
export interface Said {
  readonly stdout: Kept;
  readonly stderr: Kept;
  readonly begun: number;
  ended?: number;
  rc?: number;
  /** Why a write refused. */
  refused?: string;
}

/** A text of ours: an answer, or what was seen instead of what was expected. */
export class Told {
  readonly #chunks: Buffer[] = [];
  readonly #length: number | undefined;
  #total = 0;
  /** The next mark was seen, or all that was announced. */
  whole = false;

  constructor(length: string | undefined) {
    this.#length = length === undefined ? undefined : Number(length);
  }

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    if (this.#total <= answerLimit) this.#chunks.push(Buffer.from(chunk));
    if (this.#total === this.#length) this.whole = true;
  }

  /** The text; undefined when something else wrote into it or it is too long. A captured text has a dot at its end. */
  get text(): Buffer | undefined {
    if (!this.whole || this.#total > answerLimit) return undefined;
    const all = Buffer.concat(this.#chunks);
    if (this.#length === undefined) return all;
    return all.length === this.#length ? all.subarray(0, -1) : undefined;
  }
}

/** Sorts the output of a script into what its marks say. */
export class Transcript implements FrameListener {
  readonly steps = new Map<number, Said>();
  /** By `BLOCK GROUP`. */
  readonly seen = new Map<string, Told>();
  readonly answers = new Map<number, Told>();
  /** What the script said of the lock. */
  lock: LockSaid | undefined;
  /** All links are done. */
  linked = false;
  /** The script came to its end. */
  finished = false;
  /** Bytes on stdout that belong to nothing. */
  stray = 0;
  /** stderr outside of steps: what the shell itself had to say. */
  readonly complaints = new Kept(4096);
  /** The step that runs now. */
  running: number | undefined;
  #told: Told | undefined;
  #erring: Said | undefined;
  readonly #progress: () => void;

  constructor(progress: () => void) {
    this.#progress = progress;
  }

  text(stream: Stream, chunk: Buffer): void {
    if (stream === "stderr") (this.#erring?.stderr ?? this.complaints).add(chunk);
    else if (this.#told) this.#told.add(chunk);
    else if (this.running !== undefined) this.steps.get(this.running)?.stdout.add(chunk);
    else this.stray += chunk.length;
  }

  mark(stream: Stream, words: readonly string[]): void {
    const [kind, first = "", second, third, ...rest] = words;
    if (stream === "stderr") this.#erring = kind === "b" ? this.#step(Number(first)) : undefined;
    else this.#stdout(kind, first, second, third, rest);
    this.#progress();
  }

  /** The last marks were seen, so what was told last is whole. */
  end(): void {
    if (this.#told) this.#told.whole = true;
    this.#told = undefined;
  }

  #stdout(kind: string | undefined, first: string, second: string | undefined, third: string | undefined, rest: readonly string[]): void {
    if (kind === "r" && this.running !== undefined) {
      this.#step(this.running).refused = first;
      return;
    }
    this.end();
    this.running = undefined;
    if (kind === "b") {
      this.running = Number(first);
      this.#step(this.running);
    } else if (kind === "e") Object.assign(this.#step(Number(first)), { ended: performance.now(), rc: Number(second) });
    else if (kind === "o") this.seen.set(`${first} ${second}`, this.#tell(third));
    else if (kind === "a") this.answers.set(Number(first), this.#tell(second));
    else if (kind === "l") this.lock = readLock([first, second ?? "", third ?? "", ...rest]);
    else if (kind === "d") this.linked = true;
    else if (kind === "f") this.finished = true;
  }

  #tell(length: string | undefined): Told {
    const told = new Told(length);
    this.#told = told;
    return told;
  }

  #step(number: number): Said {
    const known = this.steps.get(number);
    if (known) return known;
    const said: Said = { stdout: new Kept(stepLimit), stderr: new Kept(stepLimit), begun: performance.now() };
    this.steps.set(number, said);
    return said;
  }
}
