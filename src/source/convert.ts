import { type Alias, isAlias, isMap, isScalar, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { MapEntry, MapNode, Node, ScalarNode, SeqNode } from "../kernel/node.ts";
import { placeOf, type SourceFile, type Span } from "../kernel/span.ts";
import type { Parsed } from "./parsed.ts";
import { readScalar, refusedTag } from "./scalar.ts";

/** Aliases may multiply a document at most to this many nodes. */
const mostNodes = 1_000_000;

type Anchored = { readonly node: Node; readonly size: number } | "open";

/** Turns the parser's tree into nodes: aliases resolved, everything that is not ours refused. */
export class Converter {
  readonly #source: SourceFile;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #anchors = new Map<string, Anchored>();
  #size = 0;

  constructor(source: SourceFile) {
    this.#source = source;
  }

  convert(contents: ParsedNode): Parsed {
    const node = this.#node(contents);
    return this.#diagnostics.length > 0 ? { diagnostics: this.#diagnostics } : { node, diagnostics: [] };
  }

  #node(from: ParsedNode): Node {
    if (isAlias(from)) return this.#alias(from);
    this.#size++;
    const before = this.#size;
    if (from.anchor !== undefined) this.#anchors.set(from.anchor, "open");
    const node = isScalar(from) ? this.#scalar(from) : isMap(from) ? this.#map(from) : this.#seq(from);
    if (from.anchor !== undefined) this.#anchors.set(from.anchor, { node, size: this.#size - before + 1 });
    return node;
  }

  #scalar(from: Scalar.Parsed): ScalarNode {
    const { node, wrong } = readScalar(from, this.#source);
    if (wrong) this.#diagnostics.push(wrong);
    return node;
  }

  #seq(from: YAMLSeq.Parsed): SeqNode {
    this.#collectionTag(from);
    const at = this.#span(from.range);
    return { kind: "seq", items: from.items.map((item) => this.#node(item as ParsedNode)), at };
  }

  #map(from: YAMLMap.Parsed): MapNode {
    this.#collectionTag(from);
    const seen = new Map<string, Span>();
    const entries: MapEntry[] = [];
    for (const pair of from.items) {
      const key = this.#key(pair.key as ParsedNode);
      if (!key) continue;
      const first = seen.get(key.text);
      if (first)
        this.#refuse(
          `${this.#source.secret ? "a key" : `the key "${key.text}"`} stands twice in this map`,
          key.at,
          `the first one is on line ${placeOf(first).line}; remove one`,
        );
      else seen.set(key.text, key.at);
      const value = pair.value as ParsedNode | null;
      entries.push({ key, value: value ? this.#node(value) : nothing(key.at) });
    }
    return { kind: "map", entries, at: this.#span(from.range) };
  }

  #key(from: ParsedNode): ScalarNode | undefined {
    const node = this.#node(from);
    if (node.kind !== "scalar") return this.#refuse("a key must be a text, not a list or a map", node.at, "write the key as a plain word");
    if (node.text === "<<" && !node.quoted) {
      return this.#refuse('"<<" (merge) is not part of YAML 1.2', node.at, "write the keys out, or use the whole map by an alias");
    }
    if (node.tag) return this.#refuse(`a key cannot have the tag ${node.tag}`, node.at, "remove the tag");
    return node;
  }

  #alias(from: Alias.Parsed): Node {
    const at = this.#span(from.range);
    const found = this.#anchors.get(from.source);
    if (found === undefined || found === "open") {
      const name = this.#source.secret ? "this alias" : `"*${from.source}"`;
      if (found === "open") this.#refuse(`${name} stands inside of what it names`, at, "write the value out");
      else
        this.#refuse(
          `${name} has no anchor before it`,
          at,
          this.#source.secret ? "quote a text that starts with *" : `set the anchor first (&${from.source}), or quote the text`,
        );
      return nothing(at);
    }
    this.#size += found.size;
    if (this.#size > mostNodes) {
      if (this.#size - found.size <= mostNodes)
        this.#refuse("the aliases of this file multiply it beyond measure", at, "write fewer of them");
      return nothing(at);
    }
    return found.node;
  }

  #collectionTag(from: YAMLMap.Parsed | YAMLSeq.Parsed): void {
    const wrong = from.tag && refusedTag(from.tag, this.#span(from.range), undefined);
    if (wrong) this.#diagnostics.push(wrong);
    else if (from.tag) this.#refuse(`${from.tag} stands before a text only`, this.#span(from.range), "give the tag to the texts inside");
  }

  #span([start, end]: readonly [number, number, number]): Span {
    return { source: this.#source, start, end };
  }

  #refuse(message: string, at: Span, help: string): undefined {
    this.#diagnostics.push({ severity: "error", message, at, help });
  }
}

/** The value of `key:` without anything behind it. */
function nothing({ source, end }: Span): ScalarNode {
  return { kind: "scalar", value: null, text: "", quoted: false, at: { source, start: end, end } };
}
