/** Walks over the records that a fact's script printed. Every slip throws: the text cannot have come from the script. */
export class Records {
  readonly #text: Buffer;
  readonly #kind: string;
  #at = 0;

  constructor(text: Buffer, kind: string) {
    this.#text = text;
    this.#kind = kind;
  }

  /** The next line without its newline, as UTF-8. */
  line(): string {
    return this.rawLine().toString("utf8");
  }

  rawLine(): Buffer {
    const end = this.#text.indexOf(10, this.#at);
    if (end < 0) throw new Error(`${this.#kind}: a record is missing`);
    const line = this.#text.subarray(this.#at, end);
    this.#at = end + 1;
    return line;
  }

  /** The next `length` bytes, which a newline of ours follows. */
  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (!Number.isInteger(length) || length < 0 || this.#text[end] !== 10)
      throw new Error(`${this.#kind}: a text is not as long as announced`);
    const part = this.#text.subarray(this.#at, end);
    this.#at = end + 1;
    return part;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#at !== this.#text.length) throw new Error(`${this.#kind}: ${this.#text.length - this.#at} bytes too many`);
  }
}
