import type { Span } from "./span.ts";

/** Something wrong with the input, told to a person: what, where, and what to write instead. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** One sentence without the position: `"pakage" is not a module`. */
  readonly message: string;
  readonly at?: Span;
  /** What to write instead: `did you mean "package"?`. */
  readonly help?: string;
  /** The include chain that led here, outermost first. */
  readonly via?: readonly Span[];
}

/**
 * Carries diagnostics up through a recursive reader. Thrown only inside source, template, playbook, inventory and
 * engine/compile; the loaders and the compiler catch it and return the diagnostics as a value.
 */
export class Refused extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(...diagnostics: Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join("\n"));
    this.name = "Refused";
    this.diagnostics = diagnostics;
  }
}

/** Shorthand for the common case: one error at one place. */
export function refuse(message: string, at?: Span, help?: string): never {
  throw new Refused({ severity: "error", message, ...(at && { at }), ...(help && { help }) });
}

/** The candidate that was probably meant, or undefined: at most a third of the letters may differ. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestCost = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const cost = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestCost);
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** Optimal string alignment distance: a swap of two neighbours counts as one slip. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let twoBack: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (twoBack[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    twoBack = previous;
    previous = row;
  }
  return previous[b.length] ?? limit;
}
