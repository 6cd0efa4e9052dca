import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import type * as Jsonc from "jsonc-parser";
import { type Refusal, refusal } from "../../kernel/module.ts";

/** Loaded with the first JSON file that is edited. */
let library: typeof Jsonc | undefined;
function jsonc(): typeof Jsonc {
  library ??= createRequire(import.meta.url)("jsonc-parser") as typeof Jsonc;
  return library;
}

/** Keys and indexes from the root of a JSON text downwards. */
export type JsonPath = readonly (string | number)[];

/** A JSON text (comments are allowed and kept) that is edited in place: what is not touched stays as it is written. */
export class JsonText {
  readonly #mark: string;
  #text: string;
  #root: Jsonc.Node;

  private constructor(mark: string, text: string, root: Jsonc.Node) {
    this.#mark = mark;
    this.#text = text;
    this.#root = root;
  }

  static of(text: string): JsonText | Refusal {
    const errors: Jsonc.ParseError[] = [];
    const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
    const bare = text.slice(mark.length);
    const root = jsonc().parseTree(bare, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (!root || first) return refusal(first ? `no JSON at ${place(bare, first.offset)}: ${words(first.error)}` : "no JSON: it is empty");
    const twice = doubled(root);
    if (twice) return refusal(`no clear JSON at ${place(bare, twice.offset)}: the key ${JSON.stringify(twice.value)} stands there twice`);
    return new JsonText(mark, bare, root);
  }

  get text(): string {
    return this.#mark + this.#text;
  }

  /** The value there, undefined when there is none. */
  at(path: JsonPath): unknown {
    const node = jsonc().findNodeAtLocation(this.#root, [...path]);
    return node && plain(jsonc().getNodeValue(node));
  }

  /** Sets a value, whose parent is there; undefined takes it away. An equal value stays as it is written. */
  set(path: JsonPath, value: unknown): void {
    if (sameJson(this.at(path), value)) return;
    this.#change(path, value, false);
  }

  /** Puts a value into a list, before the one with that index. */
  insert(path: JsonPath, value: unknown): void {
    this.#change(path, value, true);
  }

  #change(path: JsonPath, value: unknown, isArrayInsertion: boolean): void {
    const { modify, applyEdits, parseTree } = jsonc();
    this.#text = applyEdits(this.#text, modify(this.#text, [...path], value, { isArrayInsertion, ...this.#formatting() }));
    const root = parseTree(this.#text, [], { allowTrailingComma: true });
    if (!root) throw new Error("an edit left no JSON");
    this.#root = root;
  }

  /** As the text is indented; a text on one line stays on it. */
  #formatting(): Jsonc.ModificationOptions {
    const eol = this.#text.includes("\r\n") ? "\r\n" : "\n";
    const isSmall = this.#root.children?.length === 0;
    if (!isSmall && !this.#text.trim().includes("\n")) return {};
    const indent = /\n([ \t]+)\S/.exec(this.#text)?.[1] ?? "  ";
    const insertSpaces = !indent.startsWith("\t");
    return { formattingOptions: { insertSpaces, tabSize: insertSpaces ? indent.length : 1, eol } };
  }
}

/** Whether two values are the same JSON; the order of keys makes no difference. */
export function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** Maps of the parser have no prototype, and so equal no other. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** `3:14` */
function place(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** `CommaExpected` as words. */
function words(error: Jsonc.ParseErrorCode): string {
  return jsonc()
    .printParseErrorCode(error)
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .toLowerCase();
}

/** The key that stands a second time in one object. */
function doubled(node: Jsonc.Node): Jsonc.Node | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const key = child.type === "property" ? child.children?.[0] : undefined;
    if (key && seen.has(key.value)) return key;
    if (key) seen.add(key.value);
    const below = doubled(child);
    if (below) return below;
  }
  return undefined;
}
