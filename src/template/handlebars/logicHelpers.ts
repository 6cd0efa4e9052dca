import { refuse } from "../../kernel/diagnostic.ts";
import type { Value } from "../../kernel/value.ts";
import { kindOf } from "../kind.ts";
import { same } from "../same.ts";
import type { Arguments, Helper, HelperArgument } from "./helper.ts";
import { isTrue } from "./truth.ts";

const a: HelperArgument = { name: "a", takes: "anything" };
const b: HelperArgument = { name: "b", takes: "anything" };

/** Helpers for `#if`, and what stands in for a missing value. */
export const logicHelpers: readonly Helper[] = [
  {
    name: "default",
    args: [
      { name: "value", takes: "anything" },
      { name: "otherwise", takes: "anything" },
    ],
    summary: "The value, or `otherwise` where the value is not defined or null.",
    example: { write: "{{ default port 80 }}", gives: "80" },
    special: "default",
  },
  {
    name: "defined",
    args: [{ name: "name", takes: "text" }],
    summary: "Whether there is a variable or field of that name.",
    example: { write: '{{#if (defined "a.b")}}yes{{else}}no{{/if}}', gives: "no" },
    special: "defined",
  },
  {
    name: "and",
    args: [{ ...a, rest: true }],
    summary: "Whether all of them hold.",
    example: { write: "{{ and true false }}", gives: "false" },
    special: "and",
  },
  {
    name: "or",
    args: [{ ...a, rest: true }],
    summary: "Whether one of them holds.",
    example: { write: "{{ or true false }}", gives: "true" },
    special: "or",
  },
  {
    name: "not",
    args: [a],
    summary: "Whether it does not hold.",
    example: { write: "{{ not false }}", gives: "true" },
    run: (v) => !isTrue(v.any(0)),
  },
  {
    name: "eq",
    args: [a, b],
    summary: "Whether both are equal.",
    example: { write: "{{ eq 1 1 }}", gives: "true" },
    run: (v) => same(v.any(0), v.any(1)),
  },
  {
    name: "ne",
    args: [a, b],
    summary: "Whether they differ.",
    example: { write: "{{ ne 1 1 }}", gives: "false" },
    run: (v) => !same(v.any(0), v.any(1)),
  },
  {
    name: "gt",
    args: [a, b],
    summary: "Whether a is greater.",
    example: { write: "{{ gt 2 1 }}", gives: "true" },
    run: (v) => compared("gt", v) > 0,
  },
  {
    name: "gte",
    args: [a, b],
    summary: "Whether a is greater or equal.",
    example: { write: "{{ gte 1 1 }}", gives: "true" },
    run: (v) => compared("gte", v) >= 0,
  },
  {
    name: "lt",
    args: [a, b],
    summary: "Whether a is less.",
    example: { write: "{{ lt 2 1 }}", gives: "false" },
    run: (v) => compared("lt", v) < 0,
  },
  {
    name: "lte",
    args: [a, b],
    summary: "Whether a is less or equal.",
    example: { write: "{{ lte 1 1 }}", gives: "true" },
    run: (v) => compared("lte", v) <= 0,
  },
  {
    name: "bool",
    args: [{ name: "value", takes: "anything" }],
    summary: "true for true, yes, on and 1; false for false, no, off and 0; everything else is an error.",
    example: { write: '{{ bool "yes" }}', gives: "true" },
    run: (v) => bool(v.text(0)),
  },
  {
    name: "int",
    args: [{ name: "value", takes: "anything" }],
    summary: "The whole number that the text writes out.",
    example: { write: '{{ int "42" }}', gives: "42" },
    run: (v) => int(v.text(0)),
  },
];

function compared(name: string, v: Arguments): number {
  const [x, y]: readonly [Value, Value] = [v.any(0), v.any(1)];
  if (typeof x === "number" && typeof y === "number") return x - y;
  if (typeof x === "string" && typeof y === "string") return x < y ? -1 : x > y ? 1 : 0;
  return refuse(`${name} compares two numbers or two texts, not ${kindOf(x)} with ${kindOf(y)}`);
}

function bool(text: string): boolean {
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  return /^(false|no|off|0)$/i.test(text) ? false : refuse("bool: the text is neither true nor false");
}

function int(text: string): number {
  const number = Number(text.trim());
  return /^\s*[-+]?\d+(\.0*)?\s*$/.test(text) && Number.isSafeInteger(number) ? number : refuse("int: the text is not a whole number");
}
