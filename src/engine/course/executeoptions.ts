import type { HostProgress, Journal } from "../../kernel/journal.ts";
import type { Connect } from "../../kernel/target.ts";
import type { AskedAhead } from "../act/hostrunoptions.ts";
import type { LockOptions } from "../act/locking.ts";
import type { Prompt } from "../act/pausing.ts";
import type { Knowledge } from "../decide/knowledge.ts";
import type { TurnWatch } from "../plan/turnwatch.ts";
import type { AskStep } from "./stepping.ts";

export interface ExecuteOptions {
  readonly connect: Connect;
  /** A new connection whatever is open, for the proof of a guarded block; where `connect` may give one that is open already. */
  readonly reconnect?: Connect;
  /** Hosts worked on at the same time. */
  readonly forks: number;
  /** False: ask, decide, act, ask again, task by task. */
  readonly lookahead: boolean;
  readonly signal?: AbortSignal;
  /** One run at a time per host; left out: nothing is locked. */
  readonly lock?: Omit<LockOptions, "signal">;
  /** How a person is asked; left out: there is nobody to ask. */
  readonly prompt?: Prompt;
  /** Who looks on at a host in a play, by the index of the play. */
  readonly watch?: (host: string, play: number) => TurnWatch | undefined;
  /** What a host is asked together with the first questions of a play. */
  readonly ahead?: (host: string) => readonly AskedAhead[];
  /** What is known of hosts already, by name; what becomes known is put there too. */
  readonly knowledge?: Map<string, Knowledge>;
  /** Asks before each task whether it is to be done; goes with `lookahead: false`. */
  readonly step?: AskStep;
  /** Keeps how far each host has come. */
  readonly journal?: Journal;
  /** How far each host had come in the run that is resumed; one that is not there begins at the start. */
  readonly resume?: ReadonlyMap<string, HostProgress>;
  /** Hosts that are out of the run from its start. */
  readonly out?: ReadonlyMap<string, HostOut>;
}

/** Why a host takes no part in a run. */
export interface HostOut {
  readonly status: "refused" | "unreachable";
  readonly message: string;
  readonly help: string;
  /** It was told already, and is only counted. */
  readonly told?: true;
}
