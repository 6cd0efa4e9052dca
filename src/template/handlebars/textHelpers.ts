import { refuse } from "../../kernel/diagnostic.ts";
import { quote } from "../../kernel/sh.ts";
import type { Helper, HelperArgument } from "./helper.ts";

const text: HelperArgument = { name: "text", takes: "text" };

/** Helpers that turn a text into another. */
export const textHelpers: readonly Helper[] = [
  {
    name: "lower",
    args: [text],
    summary: "The text in small letters.",
    example: { write: '{{ lower "NAS" }}', gives: "nas" },
    run: (a) => a.text(0).toLowerCase(),
  },
  {
    name: "upper",
    args: [text],
    summary: "The text in capital letters.",
    example: { write: '{{ upper "nas" }}', gives: "NAS" },
    run: (a) => a.text(0).toUpperCase(),
  },
  {
    name: "trim",
    args: [text],
    summary: "The text without white space at its ends.",
    example: { write: '{{ trim "  nas " }}', gives: "nas" },
    run: (a) => a.text(0).trim(),
  },
  {
    name: "replace",
    args: [text, { name: "old", takes: "text" }, { name: "new", takes: "text" }],
    summary: "The text with every `old` replaced by `new`.",
    example: { write: '{{ replace "a.b.c" "." "-" }}', gives: "a-b-c" },
    run: (a) => a.text(0).replaceAll(a.text(1), () => a.text(2)),
  },
  {
    name: "regex_replace",
    args: [text, { name: "pattern", takes: "text" }, { name: "new", takes: "text" }],
    summary: "The text with every match of a JavaScript regular expression replaced; `$1` is the first group.",
    example: { write: '{{ regex_replace "eth0.100" "\\.(\\d+)$" "/$1" }}', gives: "eth0/100" },
    run: (a) => a.text(0).replace(regex(a.text(1)), a.text(2)),
  },
  {
    name: "split",
    args: [text, { name: "separator", takes: "text" }],
    summary: "The parts of the text between the separators, as a list.",
    example: { write: '{{ json (split "a,b" ",") }}', gives: '["a","b"]' },
    run: (a) => (a.text(0) === "" ? [] : a.text(0).split(a.text(1))),
  },
  {
    name: "indent",
    args: [text, { name: "spaces", takes: "number" }],
    summary: "The text with every line after the first indented; the first stands where the braces stand.",
    example: { write: '{{ indent "a\\nb" 2 }}', gives: "a\n  b" },
    run: (a) => a.text(0).replace(/\n(?=[^\n])/g, `\n${" ".repeat(Math.max(0, Math.min(a.number(1), 1000)))}`),
  },
  {
    name: "quote",
    args: [text],
    summary: "The text as one word for a POSIX shell.",
    example: { write: '{{ quote "it\'s" }}', gives: "'it'\\''s'" },
    run: (a) => quote(a.text(0)),
  },
  {
    name: "basename",
    args: [{ name: "path", takes: "text" }],
    summary: "The last part of a path.",
    example: { write: '{{ basename "/etc/nginx/nginx.conf" }}', gives: "nginx.conf" },
    run: (a) => a.text(0).replace(/\/+$/, "").split("/").at(-1) || "/",
  },
  {
    name: "dirname",
    args: [{ name: "path", takes: "text" }],
    summary: "A path without its last part.",
    example: { write: '{{ dirname "/etc/nginx/nginx.conf" }}', gives: "/etc/nginx" },
    run: (a) => dirname(a.text(0)),
  },
];

function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  const cut = trimmed.lastIndexOf("/");
  if (cut < 0) return trimmed === "" && path !== "" ? "/" : ".";
  return trimmed.slice(0, cut).replace(/\/+$/, "") || "/";
}

function regex(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "g");
  } catch (error) {
    return refuse(`regex_replace: the pattern is not a regular expression: ${(error as Error).message.replace(/^.*: /, "")}`);
  }
}
