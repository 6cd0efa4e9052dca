/** Keeps the head and the tail of a stream of any length, in bounded memory. */
export class Kept {
  readonly #half: number;
  #head: Buffer[] = [];
  #headLength = 0;
  #tail: Buffer[] = [];
  #tailLength = 0;
  #total = 0;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#half = Math.floor(limit / 2);
  }

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = this.#half - this.#headLength;
    // The chunk belongs to a larger buffer of the stream: a copy lets go of that.
    if (room > 0) {
      const part = Buffer.from(chunk.subarray(0, room));
      this.#head.push(part);
      this.#headLength += part.length;
    }
    if (chunk.length > room) this.#addTail(chunk.subarray(Math.max(0, room)));
  }

  #addTail(chunk: Buffer): void {
    const part = Buffer.from(chunk.length > this.#half ? chunk.subarray(chunk.length - this.#half) : chunk);
    this.#tail.push(part);
    this.#tailLength += part.length;
    if (this.#tailLength <= 2 * this.#half && this.#tail.length <= 4096) return;
    const all = Buffer.concat(this.#tail);
    const kept = Buffer.from(all.subarray(Math.max(0, all.length - this.#half)));
    this.#tail = [kept];
    this.#tailLength = kept.length;
  }

  /** Bytes that were let go. */
  get cut(): number {
    return Math.max(0, this.#total - 2 * this.#half);
  }

  get length(): number {
    return this.#total;
  }

  /** Head and tail, joined. */
  bytes(): Buffer {
    const tail = Buffer.concat(this.#tail);
    return Buffer.concat([...this.#head, tail.subarray(Math.max(0, tail.length - this.#half))]);
  }

  text(): string {
    return this.bytes().toString("utf8");
  }
}
