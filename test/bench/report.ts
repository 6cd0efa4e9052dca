import type { Measured } from "./compare.ts";
import { median } from "./figures.ts";
import { type Compared, compared } from "./options.ts";
import type { Row } from "./table.ts";

const titles: Readonly<Record<Compared, string>> = {
  first: "First run: 100 tasks, 90 changes a host",
  rerun: "Rerun: 100 tasks, nothing to do",
  commands: "Ten commands that have to run",
};

/** One table per part and number of hosts: medians, and how many times as long as the first program each one took. */
export function report(all: readonly Measured[]): { readonly title: string; readonly rows: readonly Row[] }[] {
  const counts = [...new Set(all.map((m) => m.hosts))];
  return compared.flatMap((part) =>
    counts.flatMap((hosts) => {
      const here = all.filter((m) => m.part === part && m.hosts === hosts);
      const names = [...new Set(here.map((m) => m.peer))].sort();
      const base = median(here.filter((m) => m.peer === "rempart").map((m) => m.seconds));
      const rows = names.map((peer) =>
        rowOf(
          peer,
          here.filter((m) => m.peer === peer),
          base,
        ),
      );
      const fastestFirst = rows.toSorted((a, b) => Number(a.seconds) - Number(b.seconds));
      return here.length === 0 ? [] : [{ title: `${titles[part]}, ${hosts} host${hosts === 1 ? "" : "s"}`, rows: fastestFirst }];
    }),
  );
}

function rowOf(peer: string, runs: readonly Measured[], base: number): Row {
  const of = (value: (one: Measured) => number): number => median(runs.map(value));
  const seconds = of((m) => m.seconds);
  const trips = runs.flatMap((m) => m.roundTrips ?? []);
  return {
    program: peer,
    seconds,
    "times Rempart": seconds / base,
    "least s": Math.min(...runs.map((m) => m.seconds)),
    "most s": Math.max(...runs.map((m) => m.seconds)),
    "CPU s here": of((m) => m.cpu),
    "CPU s on hosts": of((m) => m.targetCpu),
    "peak MB": Math.round(of((m) => m.memory)),
    "kB sent": Math.round(of((m) => m.sent) / 1000),
    "kB received": Math.round(of((m) => m.received) / 1000),
    "round trips": trips.length > 0 ? median(trips) : undefined,
    rounds: runs.length,
  };
}
