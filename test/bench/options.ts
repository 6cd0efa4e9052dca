import { parseArgs } from "node:util";
import { type PeerName, peerNames } from "./peers.ts";

/** The parts that compare programs, in the order of a round. */
export const compared = ["first", "rerun", "commands"] as const;
export type Compared = (typeof compared)[number];

const parts = [...compared, "latency", "scale", "start"] as const;
type Part = (typeof parts)[number];

export interface Options {
  readonly only: readonly Part[];
  readonly rounds: number;
  /** Of the comparison: no round is begun that would probably end later. Each number of hosts gets an equal part. */
  readonly minutes: number;
  /** Numbers of hosts. */
  readonly hosts: readonly number[];
  readonly peers: readonly PeerName[];
  readonly gatherFacts: boolean;
  /** Milliseconds to the host and back, of the latency part. */
  readonly roundTrips: readonly number[];
  /** Fake hosts of the scale part. */
  readonly sizes: readonly number[];
  readonly json?: string;
  /** Tables for a page instead of a terminal. */
  readonly markdown: boolean;
}

/** The command line of the benchmark; throws with the reason when it is wrong. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: "string", default: parts.join() },
      rounds: { type: "string", default: "5" },
      minutes: { type: "string", default: "240" },
      hosts: { type: "string", default: "1,8" },
      peers: { type: "string", default: peerNames.join() },
      "no-facts": { type: "boolean", default: false },
      "round-trips": { type: "string", default: "10,30,100" },
      sizes: { type: "string", default: "10,100,1000" },
      json: { type: "string" },
      markdown: { type: "boolean", default: false },
    },
  });
  return {
    only: listOf("--only", values.only, parts),
    rounds: numberOf("--rounds", values.rounds),
    minutes: numberOf("--minutes", values.minutes),
    hosts: values.hosts.split(",").map((count) => numberOf("--hosts", count)),
    peers: listOf("--peers", values.peers, peerNames),
    markdown: values.markdown,
    gatherFacts: !values["no-facts"],
    roundTrips: values["round-trips"].split(",").map((ms) => numberOf("--round-trips", ms)),
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
