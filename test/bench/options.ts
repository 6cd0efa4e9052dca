import { parseArgs } from "node:util";

const parts = ["first", "rerun", "commands", "latency", "scale", "start"] as const;
export type Part = (typeof parts)[number];

export interface Options {
  readonly only: readonly Part[];
  readonly rounds: number;
  /** Fake hosts of the scale part. */
  readonly sizes: readonly number[];
  readonly json?: string;
}

/** The command line of the benchmark; throws with the reason when it is wrong. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string", default: parts.join() },
      rounds: { type: "string", default: "5" },
      sizes: { type: "string", default: "10,100,1000" },
      json: { type: "string" },
    },
  });
  return {
    only: listOf("--only", values.only, parts),
    rounds: numberOf("--rounds", values.rounds),
    sizes: values.sizes.split(",").map((size) => numberOf("--sizes", size)),
    ...(values.json !== undefined && { json: values.json }),
  };
}

function listOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(",").map((word) => {
    const found = known.find((one) => one === word);
    if (found === undefined) throw new Error(`${option}: "${word}" is none of ${known.join(", ")}`);
    return found;
  });
}

function numberOf(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option}: "${text}" is no number from 1 on`);
  return number;
}
