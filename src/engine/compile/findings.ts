import { type Diagnostic, Refused } from "../../kernel/diagnostic.ts";
import type { Span } from "../../kernel/span.ts";

/** Diagnostics of a compilation, each told once however many hosts meet it. */
export class Findings {
  readonly #seen = new Set<string>();
  readonly #all: Diagnostic[] = [];

  add(...diagnostics: readonly Diagnostic[]): void {
    for (const d of diagnostics) {
      const key = `${d.at?.source.path}:${d.at?.start}:${d.message}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#all.push(d);
    }
  }

  /** Runs a part that may refuse; what it refuses is noted, with the include chain that led there. */
  collect<T>(part: () => T, via: readonly Span[] = []): T | undefined {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.add(...error.diagnostics.map((d) => (d.via || via.length === 0 ? d : { ...d, via })));
      return undefined;
    }
  }

  get all(): readonly Diagnostic[] {
    return this.#all;
  }

  get failed(): boolean {
    return this.#all.some((d) => d.severity === "error");
  }
}
