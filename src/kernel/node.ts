import type { Span } from "./span.ts";

/** YAML as written: every node knows its place, every scalar its source text. Made by source/, read by the layers above. */
export type Node = ScalarNode | SeqNode | MapNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The text as written, without quotes: `0644` stays `0644`. */
  readonly text: string;
  readonly quoted: boolean;
  /** `!raw` passes braces through, `!cel` is an expression; every other tag was refused by source/. */
  readonly tag?: "!raw" | "!cel";
  readonly at: Span;
}

export interface SeqNode {
  readonly kind: "seq";
  readonly items: readonly Node[];
  readonly at: Span;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
  readonly at: Span;
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: Node;
}

/** The entry with this key, or undefined. */
export function entry(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((e) => e.key.text === key);
}
