import { expect, it } from "vitest";
import { edge, notable } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";
import { stored } from "./emulator/stored.ts";
import type { How } from "./emulator/trouble.ts";

/** Lets so many writing requests through, does `how` to the next, and is gone after that. */
function breakOff(emulator: CloudflareEmulator, after: number, how: How): void {
  let left = after;
  let broken = false;
  emulator.troubles.length = 0;
  emulator.troubles.push({
    how,
    times: 1,
    fits({ writes }) {
      if (writes) left -= 1;
      broken = writes && left < 0;
      return broken;
    },
  });
  emulator.troubles.push({ how: "cut", times: Number.POSITIVE_INFINITY, fits: () => broken });
}

/** A name that leads to an application without a login before it. */
function unguarded({ account, zone }: CloudflareEmulator): string[] {
  const guarded = new Set([...account.apps.values()].map((a) => a.domain));
  return [...zone.records.values()].map((r) => r.name).filter((name) => !guarded.has(name));
}

// Each run begins where the one before was broken off, so every state between two writes is met.
it.each<[string, How, number]>([
  ["present", "lost answer", 0],
  ["present", "cut", 1],
  ["absent", "lost answer", 0],
])(
  "runs that end at every write in turn (%s, %s) lead to what one run leads to, and nothing is done twice",
  { timeout: 120_000 },
  async (state, how, through) => {
    const [whole, broken] = await Promise.all([CloudflareEmulator.start(), CloudflareEmulator.start()]);
    try {
      if (state === "absent") await Promise.all([edge(whole), edge(broken)]);
      const writes = (await edge(whole, { state })).writes.length;
      let runs = 0;
      for (let done = false; !done; runs += 1) {
        breakOff(broken, through, how);
        const run = await edge(broken, { state });
        expect(unguarded(broken)).toEqual([]);
        done = run.trouble === "";
        expect(runs, run.trouble).toBeLessThanOrEqual(writes + 1);
      }
      broken.troubles.length = 0;
      expect(runs).toBe(writes + 1 - through);
      const last = await edge(broken, { state });
      expect([last.trouble, notable(last), last.writes]).toEqual(["", [], []]);
      expect(stored(broken)).toEqual(stored(whole));
      expect([...whole.faults, ...broken.faults]).toEqual([]);
    } finally {
      await Promise.all([whole.stop(), broken.stop()]);
    }
  },
);
