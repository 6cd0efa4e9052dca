/** A stretch of a text, `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Finds many words in one pass over a text (Aho and Corasick), so that its cost does not grow with their number. */
export class Matcher {
  readonly #next: Map<number, number>[] = [new Map()];
  readonly #fail: number[] = [0];
  /** Length of the longest word that ends in a state. */
  readonly #ends: number[] = [0];

  constructor(words: Iterable<string>) {
    for (const word of words) this.#insert(word);
    this.#link();
  }

  /** Every place where a word stands: the longest one at each end. */
  *find(text: string): Generator<Stretch> {
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      state = this.#step(state, text.charCodeAt(i));
      const length = this.#ends[state] ?? 0;
      if (length > 0) yield { start: i + 1 - length, end: i + 1 };
    }
  }

  #insert(word: string): void {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i);
      let target = this.#next[state]?.get(code);
      if (target === undefined) {
        target = this.#next.push(new Map()) - 1;
        this.#fail.push(0);
        this.#ends.push(0);
        this.#next[state]?.set(code, target);
      }
      state = target;
    }
    this.#ends[state] = word.length;
  }

  /** Breadth first: where to go on when the next letter does not fit. */
  #link(): void {
    const queue = [...(this.#next[0]?.values() ?? [])];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head] ?? 0;
      for (const [code, target] of this.#next[state] ?? []) {
        const fallback = this.#step(this.#fail[state] ?? 0, code);
        this.#fail[target] = fallback;
        this.#ends[target] ||= this.#ends[fallback] ?? 0;
        queue.push(target);
      }
    }
  }

  #step(from: number, code: number): number {
    let state = from;
    for (;;) {
      const target = this.#next[state]?.get(code);
      if (target !== undefined) return target;
      if (state === 0) return 0;
      state = this.#fail[state] ?? 0;
    }
  }
}
