import { isMap, Secret, type Unknown, type Value } from "../../kernel/value.ts";

/** A value while CEL computes: whole numbers are bigint, others number; the items of lists and maps are Values. */
export type CelValue = null | boolean | bigint | number | string | Unknown | readonly Value[] | { readonly [key: string]: Value };

/** What CEL computes with. A Secret gives its text; `onSecret` is told. */
export function toCel(value: Value, onSecret: () => void): CelValue {
  if (value instanceof Secret) {
    onSecret();
    return value.reveal();
  }
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** The value outside of CEL. A whole number too large for a number is undefined. */
export function fromCel(value: CelValue): Value | undefined {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function isNumber(value: CelValue): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

export function isList(value: CelValue): value is readonly Value[] {
  return Array.isArray(value);
}

export function isCelMap(value: CelValue): value is { readonly [key: string]: Value } {
  return typeof value !== "bigint" && isMap(value);
}
