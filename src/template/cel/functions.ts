import { kindOf } from "../kind.ts";
import { isWithin } from "../ranges.ts";
import { Misapplied } from "./operators.ts";
import { type CelValue, isCelMap, isList, isNumber, toCel } from "./plain.ts";

/** One function of CEL as a record: the evaluation and the manual come from it. */
export interface CelFunction {
  readonly name: string;
  /** `function`: size(x). `method`: x.size(). */
  readonly form: "function" | "method" | "both";
  /** The least and the most values it takes, the receiver counted. */
  readonly takes: readonly [number, number];
  readonly summary: string;
  readonly example: { readonly write: string; readonly gives: string };
  /** All values are known, texts of secrets are plain. */
  readonly run: (...values: readonly CelValue[]) => CelValue | Misapplied;
}

const wrong = (name: string, wanted: string, got: CelValue): Misapplied =>
  new Misapplied(`${name}: this is ${kindOf(got as never)}, wanted ${wanted}`);

/** A function of texts only. */
function ofTexts(name: string, run: (...texts: readonly string[]) => CelValue | Misapplied): CelFunction["run"] {
  return (...values) => {
    const other = values.find((v) => typeof v !== "string");
    return other === undefined ? run(...values.map(String)) : wrong(name, "a text", other);
  };
}

/** The functions that take values; `has`, `defined` and those over a list with a name are in the evaluator. */
export const celFunctions: readonly CelFunction[] = [
  {
    name: "size",
    form: "both",
    takes: [1, 1],
    summary: "How many characters, items or keys there are.",
    example: { write: 'size("abc")', gives: "3" },
    run: (v) => size(v ?? null),
  },
  {
    name: "contains",
    form: "method",
    takes: [2, 2],
    summary: "Whether the text holds another.",
    example: { write: '"abc".contains("b")', gives: "true" },
    run: ofTexts("contains", (t = "", p = "") => t.includes(p)),
  },
  {
    name: "startsWith",
    form: "method",
    takes: [2, 2],
    summary: "Whether the text starts with another.",
    example: { write: '"abc".startsWith("a")', gives: "true" },
    run: ofTexts("startsWith", (t = "", p = "") => t.startsWith(p)),
  },
  {
    name: "endsWith",
    form: "method",
    takes: [2, 2],
    summary: "Whether the text ends with another.",
    example: { write: '"abc".endsWith("c")', gives: "true" },
    run: ofTexts("endsWith", (t = "", p = "") => t.endsWith(p)),
  },
  {
    name: "matches",
    form: "both",
    takes: [2, 2],
    summary: "Whether a regular expression matches somewhere in the text.",
    example: { write: '"abc".matches("^a.c$")', gives: "true" },
    run: ofTexts("matches", (t = "", p = "") => matches(t, p)),
  },
  {
    name: "lower",
    form: "method",
    takes: [1, 1],
    summary: "The text in small letters.",
    example: { write: '"NAS".lower()', gives: '"nas"' },
    run: ofTexts("lower", (t = "") => t.toLowerCase()),
  },
  {
    name: "upper",
    form: "method",
    takes: [1, 1],
    summary: "The text in capital letters.",
    example: { write: '"nas".upper()', gives: '"NAS"' },
    run: ofTexts("upper", (t = "") => t.toUpperCase()),
  },
  {
    name: "trim",
    form: "method",
    takes: [1, 1],
    summary: "The text without white space at its ends.",
    example: { write: '" a ".trim()', gives: '"a"' },
    run: ofTexts("trim", (t = "") => t.trim()),
  },
  {
    name: "replace",
    form: "method",
    takes: [3, 3],
    summary: "The text with every `old` replaced by `new`.",
    example: { write: '"a.b".replace(".", "-")', gives: '"a-b"' },
    run: ofTexts("replace", (t = "", a = "", b = "") => t.replaceAll(a, () => b)),
  },
  {
    name: "split",
    form: "method",
    takes: [2, 2],
    summary: "The parts of the text between the separators.",
    example: { write: '"a,b".split(",")', gives: '["a","b"]' },
    run: ofTexts("split", (t = "", s = "") => t.split(s)),
  },
  {
    name: "join",
    form: "method",
    takes: [1, 2],
    summary: "The texts of a list as one, with a separator between them.",
    example: { write: '["a", "b"].join(", ")', gives: '"a, b"' },
    run: (v, s) => join(v ?? null, s ?? ""),
  },
  {
    name: "within",
    form: "function",
    takes: [2, 2],
    summary: "Whether the first, an IP address, lies in one of the ranges or is one of the addresses. What is neither lies in none.",
    example: { write: 'within("192.0.2.7", ["192.0.2.0/24"])', gives: "true" },
    run: (address, ranges) => within(address ?? null, ranges ?? null),
  },
  {
    name: "int",
    form: "function",
    takes: [1, 1],
    summary: "The whole number of a text or number.",
    example: { write: 'int("42")', gives: "42" },
    run: (v) => int(v ?? null),
  },
  {
    name: "double",
    form: "function",
    takes: [1, 1],
    summary: "The number of a text or number, with fractions.",
    example: { write: 'double("1.5")', gives: "1.5" },
    run: (v) => double(v ?? null),
  },
  {
    name: "string",
    form: "function",
    takes: [1, 1],
    summary: "A number or boolean as text.",
    example: { write: "string(42)", gives: '"42"' },
    run: (v) => string(v ?? null),
  },
];

/** Functions with their own way of taking arguments, for the manual. */
export const celMacros: readonly { readonly name: string; readonly write: string; readonly summary: string }[] = [
  { name: "defined", write: 'defined("a.b")', summary: "Whether there is a variable or field; nothing of the path need be there." },
  { name: "has", write: "has(a.b)", summary: "Whether the map `a` has the field `b`." },
  { name: "all", write: "list.all(x, x > 1)", summary: "Whether it holds for every item (of a map: key)." },
  { name: "exists", write: "list.exists(x, x > 1)", summary: "Whether it holds for an item." },
  { name: "exists_one", write: "list.exists_one(x, x > 1)", summary: "Whether it holds for exactly one item." },
  { name: "filter", write: "list.filter(x, x > 1)", summary: "The items for which it holds." },
  { name: "map", write: "list.map(x, x + 1)", summary: "A list of what it gives for every item." },
];

function size(v: CelValue): bigint | Misapplied {
  if (typeof v === "string") return BigInt([...v].length);
  if (isList(v)) return BigInt(v.length);
  return isCelMap(v) ? BigInt(Object.keys(v).length) : wrong("size", "a text, list or map", v);
}

function matches(text: string, pattern: string): boolean | Misapplied {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return new Misapplied("matches: the pattern is not a regular expression", 'a point that is meant as a point is written "\\\\."');
  }
}

function join(list: CelValue, separator: CelValue): string | Misapplied {
  if (!isList(list)) return wrong("join", "a list", list);
  if (typeof separator !== "string") return wrong("join", "a text", separator);
  const items = list.map((item) => toCel(item, () => undefined));
  const other = items.find((item) => typeof item !== "string" && !isNumber(item));
  return other === undefined ? items.map(String).join(separator) : wrong("join", "texts in the list", other);
}

function within(address: CelValue, ranges: CelValue): boolean | Misapplied {
  if (typeof address !== "string") return wrong("within", "an address", address);
  return isList(ranges) ? isWithin(address, ranges.map(String)) : wrong("within", "a list of ranges", ranges);
}

function int(v: CelValue): bigint | Misapplied {
  if (typeof v === "bigint") return v;
  if (typeof v === "number" && Number.isFinite(v)) return BigInt(Math.trunc(v));
  if (typeof v === "string")
    return /^\s*[-+]?\d+\s*$/.test(v) ? BigInt(v.trim().replace(/^\+/, "")) : new Misapplied("int: the text is not a whole number");
  return wrong("int", "a text or number", v);
}

function double(v: CelValue): number | Misapplied {
  if (isNumber(v)) return Number(v);
  if (typeof v === "string")
    return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(v) ? Number(v) : new Misapplied("double: the text is not a number");
  return wrong("double", "a text or number", v);
}

function string(v: CelValue): string | Misapplied {
  if (typeof v === "string" || isNumber(v) || typeof v === "boolean") return String(v);
  return wrong("string", "a text, number or boolean", v);
}
