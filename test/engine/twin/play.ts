import type { Connect, Target } from "../../../src/kernel/target.ts";
import { DisturbedTarget } from "./disturbed.ts";
import { type Case, playbookText } from "./generate.ts";
import { told, withProgram } from "./playworld.ts";

export interface Played {
  /** What was told of each task, without what may differ between two hosts. */
  readonly events: readonly unknown[];
  readonly roundTrips: number;
}

/** Runs a generated playbook on one host over a connection that is kept from case to case. */
export async function play(c: Case, target: Target, lookahead: boolean): Promise<Played> {
  const inventory = "all:\n  hosts:\n    twin: { ansible_become: true }\n";
  return withProgram({ "site.yml": playbookText(c) }, inventory, async (compiled) => {
    const before = target.counts.roundTrips;
    const { twin: events = [] } = await told(await compiled(), keep(new DisturbedTarget(target, c.disturbances)), lookahead);
    return { events, roundTrips: target.counts.roundTrips - before };
  });
}

/** The connection outlives the run. */
function keep(target: Target): Connect {
  return async () => ({
    perform: (work) => target.perform(work),
    close: async () => {},
    get counts() {
      return target.counts;
    },
  });
}
