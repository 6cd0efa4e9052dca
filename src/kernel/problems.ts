import { type Diagnostic, Refused } from "./diagnostic.ts";
import type { Span } from "./span.ts";

/** Gathers what is wrong, so that a reader can go on behind an error and report several at once. */
export class Problems {
  readonly #list: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  #nextSource = 0;
  readonly #sources = new Map<object, number>();

  /** In the order found, each once. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#list;
  }

  /** True when one of them is an error. */
  get fatal(): boolean {
    return this.#list.some((d) => d.severity === "error");
  }

  /** Notes diagnostics; `via` is the include chain for those that name none. */
  add(diagnostics: Iterable<Diagnostic>, via: readonly Span[] = []): void {
    for (const d of diagnostics) {
      const key = `${d.severity} ${this.#sourceId(d.at)} ${d.at?.start ?? ""} ${d.message}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#list.push(via.length > 0 && !d.via ? { ...d, via } : d);
    }
  }

  /** Runs a reader; what it refuses is noted and the result is undefined. */
  attempt<T>(read: () => T, via: readonly Span[] = []): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.add(error.diagnostics, via);
      return undefined;
    }
  }

  #sourceId(at: Span | undefined): number {
    if (!at) return -1;
    let id = this.#sources.get(at.source);
    if (id === undefined) {
      id = this.#nextSource++;
      this.#sources.set(at.source, id);
    }
    return id;
  }
}
