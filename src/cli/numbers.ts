import { InvalidArgumentError } from "commander";

/** A whole number from 1 on, for an option. */
export function numberFrom1(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return n;
}
