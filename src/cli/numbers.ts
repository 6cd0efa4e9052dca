import { InvalidArgumentError } from "commander";

/** A whole number from 1 on, for an option. */
export function numberFrom1(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("It must be a whole number from 1 on.");
  return n;
}

/** A span of time for an option, as seconds: `90`, `90s`, `10m`, `2h`. */
export function seconds(text: string): number {
  const [, number, unit = "s"] = /^(\d+)([smh]?)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("It must be a span of time: 90s, 10m or 2h.");
  return Number(number) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 1);
}
