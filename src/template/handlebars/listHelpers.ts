import { refuse } from "../../kernel/diagnostic.ts";
import { isMap, Secret, type Value } from "../../kernel/value.ts";
import { kindOf } from "../kind.ts";
import { same } from "../same.ts";
import type { Arguments, Helper, HelperArgument } from "./helper.ts";

const list: HelperArgument = { name: "list", takes: "list" };

/** A loop longer than this is a slip. */
const longestRange = 100_000;

/** Helpers about lists and maps. */
export const listHelpers: readonly Helper[] = [
  {
    name: "list",
    args: [{ name: "item", takes: "anything", rest: true }],
    summary: "A list of its arguments.",
    example: { write: '{{ json (list 1 "a") }}', gives: '[1,"a"]' },
    pick: (a) => a.values,
  },
  {
    name: "join",
    args: [list, { name: "separator", takes: "text", optional: true }],
    summary: "The items of a list as one text, with the separator between them.",
    example: { write: '{{ join (list "a" "b") ", " }}', gives: "a, b" },
    run: (a) => a.texts(0).join(a.text(1, "")),
  },
  {
    name: "length",
    args: [{ name: "value", takes: "text, list or map" }],
    summary: "How many characters, items or keys there are.",
    example: { write: '{{ length (list "a" "b") }}', gives: "2" },
    pick: (a) => lengthOf(a.any(0)),
  },
  {
    name: "first",
    args: [list],
    summary: "The first item of a list.",
    example: { write: '{{ first (list "a" "b") }}', gives: "a" },
    pick: (a) => end(a, "first", 0),
  },
  {
    name: "last",
    args: [list],
    summary: "The last item of a list.",
    example: { write: '{{ last (list "a" "b") }}', gives: "b" },
    pick: (a) => end(a, "last", -1),
  },
  {
    name: "keys",
    args: [{ name: "map", takes: "map" }],
    summary: "The keys of a map, as a list in their order.",
    example: { write: '{{ json (keys (map "a" 1)) }}', gives: '["a"]' },
    pick: (a) => Object.keys(a.map(0)),
  },
  {
    name: "values",
    args: [{ name: "map", takes: "map" }],
    summary: "The values of a map, as a list in the order of the keys.",
    example: { write: '{{ json (values (map "a" 1)) }}', gives: "[1]" },
    pick: (a) => Object.values(a.map(0)),
  },
  {
    name: "map",
    args: [{ name: "key value", takes: "anything", rest: true }],
    summary: "A map of the keys and values that follow each other.",
    example: { write: '{{ json (map "a" 1) }}', gives: '{"a":1}' },
    pick: (a) => mapOf(a),
  },
  {
    name: "sort",
    args: [list],
    summary: "The list in order: numbers by size, texts by code point.",
    example: { write: '{{ join (sort (list "b" "a")) " " }}', gives: "a b" },
    run: (a) => [...a.list(0)].sort(order),
  },
  {
    name: "unique",
    args: [list],
    summary: "The list without repetitions; the first one of equals stays.",
    example: { write: '{{ join (unique (list "a" "b" "a")) " " }}', gives: "a b" },
    run: (a) => unique(a.list(0)),
  },
  {
    name: "range",
    args: [
      { name: "from", takes: "number" },
      { name: "to", takes: "number" },
    ],
    summary: "The whole numbers from `from` up to, but without, `to`.",
    example: { write: "{{ json (range 1 4) }}", gives: "[1,2,3]" },
    run: (a) => range(a.number(0), a.number(1)),
  },
  {
    name: "contains",
    args: [
      { name: "in", takes: "text, list or map" },
      { name: "what", takes: "anything" },
    ],
    summary: "Whether a text holds a text, a list an item, or a map a key.",
    example: { write: '{{ contains (list "a" "b") "b" }}', gives: "true" },
    run: (a) => contains(a),
  },
];

/** How long a secret text is would be secret too. */
function lengthOf(value: Value): Value {
  if (value instanceof Secret) return new Secret(String([...value.reveal()].length));
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : refuse(`length: "value" is ${kindOf(value)}, wanted a text, list or map`);
}

function end(a: Arguments, which: string, index: number): Value {
  return a.list(0).at(index) ?? refuse(`${which}: the list is empty`, undefined, `ask first: {{#if NAME}}{{ ${which} NAME }}{{/if}}`);
}

function mapOf(a: Arguments): Value {
  if (a.values.length % 2 === 1) refuse("map: the last key has no value", undefined, 'write keys and values in turn: map "a" 1 "b" 2');
  return Object.fromEntries(Array.from({ length: a.values.length / 2 }, (_, i) => [a.text(i * 2), a.any(i * 2 + 1)]));
}

function order(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  return refuse("sort: the items are not all numbers or all texts");
}

function unique(items: readonly Value[]): Value[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(item);
    return seen.has(key) ? false : seen.add(key);
  });
}

function range(from: number, to: number): number[] {
  if (!Number.isInteger(from) || !Number.isInteger(to)) refuse("range: both ends must be whole numbers");
  if (to - from > longestRange) refuse(`range: more than ${longestRange} numbers`);
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function contains(a: Arguments): boolean {
  const within = a.any(0);
  if (Array.isArray(within)) return (within as readonly Value[]).some((item) => same(item, a.any(1)));
  if (isMap(within)) return Object.hasOwn(within, a.text(1));
  return a.text(0).includes(a.text(1));
}
