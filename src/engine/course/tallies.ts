import type { Counts } from "../../kernel/counts.ts";
import type { HostRecap, TaskEvent } from "../../kernel/event.ts";

/** What a run came to. */
export interface Summary {
  readonly hosts: Readonly<Record<string, HostRecap>>;
  readonly failed: boolean;
  readonly unreachable: boolean;
  readonly changed: boolean;
  readonly interrupted: boolean;
  /** Hosts that the end of the run kept from a play or from their batch of it, with why it ended. */
  readonly notReached: ReadonlyMap<string, string>;
}

type Tally = { -readonly [K in keyof HostRecap]: HostRecap[K] };

export const noCounts: Counts = { roundTrips: 0, processes: 0, bytesSent: 0, bytesReceived: 0 };

/** Counts how the tasks of every host ended. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  constructor(hosts: readonly string[]) {
    for (const host of hosts)
      this.#tallies.set(host, { ok: 0, changed: 0, maybe: 0, skipped: 0, failed: 0, unreachable: 0, ignored: 0, rescued: 0, ...noCounts });
  }

  task({ host, status, ignored }: TaskEvent): void {
    const tally = this.#tallies.get(host);
    if (!tally) return;
    if (ignored === "rescued") tally.rescued++;
    else if (ignored) tally.ignored++;
    if (status !== "failed" || !ignored) tally[status]++;
  }

  /** The host is out of the run. */
  out(host: string, status: "failed" | "unreachable"): void {
    const tally = this.#tallies.get(host);
    if (tally) tally[status]++;
  }

  /** With what was counted on the connections. */
  hosts(countsOf: (host: string) => Counts): Record<string, HostRecap> {
    return Object.fromEntries([...this.#tallies].map(([host, tally]) => [host, { ...tally, ...countsOf(host) }]));
  }
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    roundTrips: a.roundTrips + b.roundTrips,
    processes: a.processes + b.processes,
    bytesSent: a.bytesSent + b.bytesSent,
    bytesReceived: a.bytesReceived + b.bytesReceived,
  };
}

/** What the recaps of all hosts come to. */
export function summaryOf(hosts: Readonly<Record<string, HostRecap>>, interrupted: boolean, notReached: Summary["notReached"]): Summary {
  const all = Object.values(hosts);
  return {
    hosts,
    failed: all.some((h) => h.failed > 0),
    unreachable: all.some((h) => h.unreachable > 0),
    changed: all.some((h) => h.changed > 0 || h.maybe > 0),
    interrupted,
    notReached,
  };
}
