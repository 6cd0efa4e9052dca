import type { Acting } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { NotModelled } from "./trouble.ts";

/** Runs a program on the machine: its output, or a Trouble. Words that it does not know are an error of the test. */
export type Program = (machine: FakeMachine, words: readonly string[], stdin: string, as: Acting) => string;

export function unknownWords(program: string, words: readonly string[]): never {
  throw new NotModelled(`the fake ${program} does not know: ${words.join(" ")}`);
}
