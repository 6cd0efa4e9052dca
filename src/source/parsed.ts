import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Node } from "../kernel/node.ts";

/** What came out of a text: a node unless it was empty or wrong. */
export interface Parsed {
  readonly node?: Node;
  readonly diagnostics: Diagnostic[];
}
