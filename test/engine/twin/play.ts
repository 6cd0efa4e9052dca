import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../../src/engine/compile.ts";
import { execute } from "../../../src/engine/execute.ts";
import { system, systemShape } from "../../../src/facts/system.ts";
import { loadInventory } from "../../../src/inventory/inventory.ts";
import type { TaskEvent } from "../../../src/kernel/event.ts";
import type { Connect, Target } from "../../../src/kernel/target.ts";
import { modules } from "../../../src/modules/index.ts";
import { type Case, playbookText } from "./generate.ts";

export interface Played {
  /** What was told of each task, without what may differ between two hosts: times and names. */
  readonly events: readonly unknown[];
  readonly roundTrips: number;
}

/** Runs a generated playbook on one host over a connection that is kept from case to case. */
export async function play(c: Case, target: Target, lookahead: boolean): Promise<Played> {
  const dir = mkdtempSync(join(tmpdir(), "rempart-twin-"));
  try {
    writeFileSync(join(dir, "site.yml"), playbookText(c));
    writeFileSync(join(dir, "hosts.yml"), "all:\n  hosts:\n    twin: { ansible_become: true }\n");
    const { inventory, diagnostics } = await loadInventory([join(dir, "hosts.yml")], {});
    if (!inventory) throw new Error(JSON.stringify(diagnostics));
    const compiled = await compile({
      playbook: join(dir, "site.yml"),
      inventory,
      modules,
      gather: { question: system({}), shape: systemShape },
      diff: true,
    });
    if (!compiled.program) throw new Error(compiled.diagnostics.map((d) => d.message).join("\n"));
    const before = target.counts.roundTrips;
    const events: TaskEvent[] = [];
    await execute(compiled.program, { connect: keep(target), forks: 1, lookahead }, (e) => e.event === "task" && events.push(e));
    return { events: events.map(comparable), roundTrips: target.counts.roundTrips - before };
  } finally {
    rmSync(dir, { recursive: true });
  }
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

function comparable(event: TaskEvent): unknown {
  const { seconds: _, at: __, ...rest } = event;
  // The name of a temporary file is random.
  return JSON.parse(JSON.stringify(rest).replaceAll(/\.rempart-[0-9a-f]+/g, ".rempart-N"));
}
