import { refuse } from "../kernel/diagnostic.ts";
import type { Node } from "../kernel/node.ts";
import type { Problems } from "../kernel/problems.ts";
import type { Span } from "../kernel/span.ts";
import { isMap, Unknown, type Value } from "../kernel/value.ts";

/** One level's value of one option: a node as written, or a value inside an expression's result. */
export interface Piece {
  readonly is: { readonly node: Node } | { readonly value: Value };
  readonly at: Span;
}

/** What a merge shares: where errors go, and how a node becomes a value. */
export interface Merging {
  readonly problems: Problems;
  readonly resolve: (node: Node) => Value;
}

/** null says "as if nothing had been said below". */
export function isNull({ is }: Piece): boolean {
  return "node" in is ? is.node.kind === "scalar" && is.node.value === null : is.value === null;
}

/** One key of a map that some level gives. */
export interface KeyedPiece {
  readonly key: string;
  readonly keyAt: Span;
  readonly piece: Piece;
}

/** Every piece as the entries of its map. One Unknown among them makes the whole unknown. */
export function openAll(pieces: readonly Piece[], path: string, merging: Merging): readonly (readonly KeyedPiece[])[] | Unknown {
  const open: (readonly KeyedPiece[])[] = [];
  for (const piece of pieces) {
    if ("node" in piece.is && piece.is.node.kind === "map") {
      open.push(piece.is.node.entries.map((e) => ({ key: e.key.text, keyAt: e.key.at, piece: { is: { node: e.value }, at: e.value.at } })));
      continue;
    }
    const value = pieceValue(piece, merging);
    if (value instanceof Unknown) return value;
    if (value === null) {
      open.length = 0;
      continue;
    }
    if (!isMap(value)) return refuse(`"${path}" must be a map`, piece.at, `write ${path.split(".").at(-1)}: { name: value }`);
    open.push(Object.entries(value).map(([key, v]) => ({ key, keyAt: piece.at, piece: { is: { value: v }, at: piece.at } })));
  }
  return open;
}

/** The value of a piece, resolved now if it is a node. */
export function pieceValue(piece: Piece, merging: Merging): Value {
  return "node" in piece.is ? merging.resolve(piece.is.node) : piece.is.value;
}
