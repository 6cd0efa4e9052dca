import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { nearest, refuse } from "../../kernel/diagnostic.ts";
import type { Helper, HelperArgument } from "./helper.ts";
import { escapeExpression } from "./library.ts";

const text: HelperArgument = { name: "text", takes: "text" };
const value: HelperArgument = { name: "value", takes: "anything" };
const algorithms = ["sha256", "sha512", "sha1", "md5"];

/** Helpers that write a value in another form. */
export const encodingHelpers: readonly Helper[] = [
  {
    name: "json",
    args: [value, { name: "spaces", takes: "number", optional: true }],
    summary: "The value as JSON; with `spaces` over several lines.",
    example: { write: '{{ json (list "a" 1) }}', gives: '["a",1]' },
    run: (a) => JSON.stringify(a.any(0), null, a.number(1, 0)),
  },
  {
    name: "yaml",
    args: [value],
    summary: "The value as YAML, without a line break at its end.",
    example: { write: '{{ yaml (map "a" (list 1)) }}', gives: "a:\n  - 1" },
    run: (a) => stringify(a.any(0), { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd(),
  },
  {
    name: "b64",
    args: [text],
    summary: "The UTF-8 text in base64.",
    example: { write: '{{ b64 "nas" }}', gives: "bmFz" },
    run: (a) => Buffer.from(a.text(0), "utf8").toString("base64"),
  },
  {
    name: "b64decode",
    args: [text],
    summary: "The UTF-8 text that the base64 text holds.",
    example: { write: '{{ b64decode "bmFz" }}', gives: "nas" },
    run: (a) => decode(a.text(0)),
  },
  {
    name: "hash",
    args: [text, { name: "algorithm", takes: "text", optional: true }],
    summary: "The digest of the UTF-8 text in hex: sha256, or sha512, sha1, md5.",
    example: { write: '{{ hash "" "md5" }}', gives: "d41d8cd98f00b204e9800998ecf8427e" },
    run: (a) =>
      createHash(algorithm(a.text(1, "sha256")))
        .update(a.text(0), "utf8")
        .digest("hex"),
  },
  {
    name: "url_encode",
    args: [text],
    summary: "The text as a part of a URL.",
    example: { write: '{{ url_encode "a b&c" }}', gives: "a%20b%26c" },
    run: (a) => encodeURIComponent(a.text(0)),
  },
  {
    name: "html",
    args: [text],
    summary: "The text as it must stand in a page of HTML, in quotes too.",
    example: { write: '{{ html "<a & b>" }}', gives: "&lt;a &amp; b&gt;" },
    run: (a) => escapeExpression(a.text(0)),
  },
];

function algorithm(name: string): string {
  if (algorithms.includes(name)) return name;
  const near = nearest(name, algorithms);
  return refuse(
    `hash: "${name}" is not an algorithm`,
    undefined,
    near ? `did you mean "${near}"?` : `it is one of ${algorithms.join(", ")}`,
  );
}

function decode(base64: string): string {
  const compact = base64.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) refuse("b64decode: the text is not base64");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(compact, "base64"));
  } catch {
    return refuse("b64decode: what the text holds is not UTF-8 text");
  }
}
