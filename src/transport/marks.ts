import { randomBytes } from "node:crypto";

/** 128 random bits in hex: a word that no output holds by chance. */
export function newMark(): string {
  return randomBytes(16).toString("hex");
}

const fronts = ["", "~", "^", "@", "+", "=", "!", ":", ",", "]", "}", "?", "%", "|", "<", ";"];

/**
 * The delimiter for a here-document with this text, from a mark. dash 0.5.12 (Debian 12) loses a byte above 127 that stands at
 * the beginning of a line behind what could be the beginning of the delimiter, so the delimiter begins otherwise.
 */
export function delimiterFor(text: Buffer, mark: string): string {
  const safe = fronts.find((front) => !losesBytes(text, front + mark));
  if (safe === undefined) throw new Error("no delimiter is safe for this text");
  return safe + mark;
}

function losesBytes(text: Buffer, delimiter: string): boolean {
  const word = Buffer.from(delimiter);
  for (let line = 0; line >= 0; line = nextLine(text, line, word)) {
    let same = 0;
    while (same < word.length && text[line + same] === word[same]) same++;
    if (same > 0 && (text[line + same] ?? 0) > 127) return true;
  }
  return false;
}

/** Where the next line starts that starts as the word does, or -1. */
function nextLine(text: Buffer, from: number, word: Buffer): number {
  const at = text.indexOf(Buffer.from([10, word[0] ?? 0]), from);
  return at < 0 ? -1 : at + 1;
}

/** A mark's line is short; what runs on without a newline is not one of ours. */
const longestLine = 256;

/**
 * Cuts a stream at the lines `MARK words`. The newline before such a line is ours and dropped. As many bytes as may be the
 * beginning of a mark are kept back, and nothing is decoded.
 */
export class MarkReader {
  readonly #needle: Buffer;
  readonly #text: (chunk: Buffer) => void;
  readonly #mark: (words: readonly string[]) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(mark: string, text: (chunk: Buffer) => void, onMark: (words: readonly string[]) => void) {
    this.#needle = Buffer.from(`\n${mark} `);
    this.#text = text;
    this.#mark = onMark;
  }

  feed(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const at = data.indexOf(this.#needle);
      const from = at + this.#needle.length;
      const end = at < 0 ? -1 : data.indexOf(10, from);
      if (at >= 0 && end < 0 && data.length - from < longestLine) {
        this.#say(data.subarray(0, at));
        this.#rest = Buffer.from(data.subarray(at));
        return;
      }
      if (end < 0) break;
      this.#say(data.subarray(0, at));
      this.#mark(data.toString("latin1", from, end).split(" "));
      data = data.subarray(end + 1);
    }
    const keep = Math.min(data.length, this.#needle.length - 1);
    this.#say(data.subarray(0, data.length - keep));
    this.#rest = Buffer.from(data.subarray(data.length - keep));
  }

  /** What was kept back, when nothing more comes. */
  flush(): Buffer {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest;
  }

  #say(text: Buffer): void {
    if (text.length > 0) this.#text(text);
  }
}
