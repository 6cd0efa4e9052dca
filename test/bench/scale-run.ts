// One size of the scale part, in a process of its own so that its peak of memory is its own: WORK HOSTS.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../src/engine/compile/compile.ts";
import { execute } from "../../src/engine/course/execute.ts";
import type { Summary } from "../../src/engine/course/tallies.ts";
import { loadInventory } from "../../src/inventory/inventory.ts";
import { cells, machines } from "./scale-work.ts";
import { changesOfFirstRun, writePlaybooks } from "./work.ts";

const [kind, count] = process.argv.slice(2);
const tasks = 100;
const folder = mkdtempSync(join(tmpdir(), "rempart-scale-"));
const names = Array.from({ length: Number(count) }, (_, i) => `host${i}`);

try {
  writeFileSync(join(folder, "hosts.yml"), JSON.stringify({ all: { hosts: Object.fromEntries(names.map((name) => [name, {}])) } }));
  writePlaybooks(folder, false);
  const work = kind === "cells" ? { ...cells(names, tasks) } : { ...machines(names, changesOfFirstRun) };
  if ("tasks" in work)
    writeFileSync(join(folder, "site.yml"), JSON.stringify([{ hosts: "all", vars: { greeting: "hello" }, tasks: work.tasks }]));
  const first = await once(work);
  const peak = process.resourceUsage().maxRSS / 1024;
  const rerun = await once(work);
  demand(first.summary, work.changes);
  demand(rerun.summary, 0);
  const { summary: _, ...figures } = first;
  process.stdout.write(`${JSON.stringify({ tasks, peak, first: figures, rerun: { ...rerun, summary: undefined } })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function once(work: ReturnType<typeof machines>): Promise<{ compile: number; execute: number; cpu: number; summary: Summary }> {
  const before = process.cpuUsage();
  const begun = performance.now();
  const { inventory } = await loadInventory([join(folder, "hosts.yml")], { playbookDir: folder });
  if (!inventory) throw new Error("the inventory was not read");
  const { modules, gather, connect } = work;
  const { program, diagnostics } = await compile({ playbook: join(folder, "site.yml"), inventory, modules, gather });
  if (!program) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  const compiled = performance.now();
  const summary = await execute(program, { connect, forks: 50, lookahead: true }, () => {});
  const { user, system } = process.cpuUsage(before);
  return { compile: (compiled - begun) / 1000, execute: (performance.now() - compiled) / 1000, cpu: (user + system) / 1e6, summary };
}

function demand(summary: Summary, changed: number): void {
  const wrong = Object.entries(summary.hosts).find(([, recap]) => recap.changed !== changed || recap.changed + recap.ok !== tasks);
  if (wrong) throw new Error(`${wrong[0]} should have ${changed} changed of ${tasks}: ${JSON.stringify(wrong[1])}`);
}
