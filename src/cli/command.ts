import type { Command } from "commander";
import type { Outcome } from "./outcome.ts";

/** A command of the program: it adds its options to `program` and says by `ended` how it ended. */
export type AddCommand = (program: Command, ended: (outcome: Outcome) => void) => void;

/** For an option that may be given several times: all of its values. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

/** For a list separated by commas that may be given several times. */
export function collectList(value: string, previous: readonly string[]): readonly string[] {
  return [
    ...previous,
    ...value
      .split(",")
      .map((v) => v.trim())
      .filter((v) => v !== ""),
  ];
}
