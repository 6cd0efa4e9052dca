import { kindOf } from "../kind.ts";
import { same } from "../same.ts";
import { reveal } from "../taint.ts";
import { type CelValue, fromCel, isCelMap, isList, isNumber } from "./plain.ts";

/** Why an operator cannot be applied. */
export class Misapplied {
  readonly message: string;
  readonly help: string | undefined;
  constructor(message: string, help?: string) {
    this.message = message;
    this.help = help;
  }
}

export type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "in";

/** Applies an operator to two known values. */
export function apply(op: Operator, a: CelValue, b: CelValue): CelValue | Misapplied {
  switch (op) {
    case "==":
      return equal(a, b);
    case "!=": {
      const is = equal(a, b);
      return is instanceof Misapplied ? is : !is;
    }
    case "in":
      return contained(a, b);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(op, a, b);
    default:
      return compute(op, a, b);
  }
}

function equal(a: CelValue, b: CelValue): boolean | Misapplied {
  if (a === null || b === null) return a === b;
  if (isNumber(a) && isNumber(b)) return typeof a === typeof b ? a === b : Number(a) === Number(b);
  const [left, right] = [kindOf(a as never), kindOf(b as never)];
  if (left !== right) return new Misapplied(`${left} is never equal to ${right}`, equalHelp(left, right));
  return same(reveal(fromCel(a) ?? null).value, reveal(fromCel(b) ?? null).value);
}

function equalHelp(left: string, right: string): string {
  const kinds = [left, right];
  if (kinds.includes("a number") && kinds.includes("a text")) return "write the number without quotes, or turn one: string(n), int(t)";
  if (kinds.includes("a boolean")) return "a boolean stands alone: name, or !name";
  if (kinds.includes("a list")) return "ask for its size by size(list) == 0, or for an item by x in list";
  return "compare values of one kind";
}

function compare(op: "<" | "<=" | ">" | ">=", a: CelValue, b: CelValue): boolean | Misapplied {
  if (!(isNumber(a) && isNumber(b)) && !(typeof a === "string" && typeof b === "string")) {
    return new Misapplied(
      `"${op}" compares two numbers or two texts, not ${kindOf(a as never)} with ${kindOf(b as never)}`,
      "turn one of them: int(t), double(t), string(n)",
    );
  }
  if (op === "<") return a < b;
  if (op === "<=") return a <= b;
  return op === ">" ? a > b : a >= b;
}

function contained(a: CelValue, b: CelValue): boolean | Misapplied {
  const item = reveal(fromCel(a) ?? null).value;
  if (isList(b)) return b.some((x) => same(reveal(x).value, item));
  if (isCelMap(b))
    return typeof item === "string" ? Object.hasOwn(b, item) : new Misapplied("the keys of a map are texts", "turn it: string(n)");
  if (typeof b === "string" && typeof a === "string") return b.includes(a);
  return new Misapplied(`"in" looks into a list, a map or a text, this is ${kindOf(b as never)}`);
}

function compute(op: "+" | "-" | "*" | "/" | "%", a: CelValue, b: CelValue): CelValue | Misapplied {
  if (typeof a === "bigint" && typeof b === "bigint") return whole(op, a, b);
  if (isNumber(a) && isNumber(b)) return op === "%" ? new Misapplied('"%" takes whole numbers') : real(op, Number(a), Number(b));
  if (op === "+" && typeof a === "string" && typeof b === "string") return a + b;
  if (op === "+" && isList(a) && isList(b)) return [...a, ...b];
  const help = typeof a === "string" || typeof b === "string" ? "turn one of them: string(n), int(t)" : undefined;
  return new Misapplied(`"${op}" cannot be applied to ${kindOf(a as never)} and ${kindOf(b as never)}`, help);
}

function whole(op: "+" | "-" | "*" | "/" | "%", a: bigint, b: bigint): bigint | Misapplied {
  if (op === "+") return a + b;
  if (op === "-") return a - b;
  if (op === "*") return a * b;
  if (b === 0n) return new Misapplied("a division by zero");
  return op === "/" ? a / b : a % b;
}

function real(op: "+" | "-" | "*" | "/", a: number, b: number): number {
  if (op === "+") return a + b;
  if (op === "-") return a - b;
  return op === "*" ? a * b : a / b;
}
