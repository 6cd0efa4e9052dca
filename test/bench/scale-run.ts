// One size of the scale part, in a process of its own so that its peak of memory is its own: HOSTS TASKS.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../src/engine/compile.ts";
import { execute, type Summary } from "../../src/engine/execute.ts";
import type { CompileOptions } from "../../src/engine/program.ts";
import { loadInventory } from "../../src/inventory/inventory.ts";
import { connectTo, FakeHost, facts, put } from "../engine/fakehost.ts";

const [hosts = 0, tasks = 0] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "rempart-scale-"));
const names = Array.from({ length: hosts }, (_, i) => `host${i}`);
const fakes = Object.fromEntries(names.map((name) => [name, new FakeHost()]));

/** Tasks as people write them: values, conditions, a result that a later task reads. */
const play = {
  hosts: "all",
  vars: { greeting: "hello", places: ["here", "there"] },
  tasks: Array.from({ length: tasks }, (_, i) => ({
    name: `Cell ${i}`,
    put: { cell: `cell${i}`, text: `{{ greeting }} ${i} of {{ inventory_hostname }}` },
    ...(i % 5 === 0 && { when: 'facts.os.family == "debian"' }),
    ...(i % 20 === 0 && { register: `result${i}` }),
  })),
};

try {
  writeFileSync(join(folder, "hosts.yml"), JSON.stringify({ all: { hosts: Object.fromEntries(names.map((name) => [name, {}])) } }));
  writeFileSync(join(folder, "site.yml"), JSON.stringify([play]));
  const first = await once();
  const peak = process.resourceUsage().maxRSS / 1024;
  const rerun = await once();
  demand(first.summary, "changed");
  demand(rerun.summary, "ok");
  const { user, system } = process.cpuUsage();
  const figures = {
    compile: rerun.compile,
    first: first.execute,
    rerun: rerun.execute,
    cpu: (user + system) / 1e6,
    peak,
    both: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify({ hosts, tasks, ...figures, events: first.events })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function once(): Promise<{ compile: number; execute: number; summary: Summary; events: number }> {
  const begun = performance.now();
  const { inventory } = await loadInventory([join(folder, "hosts.yml")], { playbookDir: folder });
  if (!inventory) throw new Error("the inventory was not read");
  const { program, diagnostics } = await compile(options(inventory));
  if (!program) throw new Error(JSON.stringify(diagnostics));
  const compiled = performance.now();
  let events = 0;
  const summary = await execute(program, { connect: connectTo(fakes), forks: 50, lookahead: true }, () => {
    events++;
  });
  return { compile: (compiled - begun) / 1000, execute: (performance.now() - compiled) / 1000, summary, events };
}

function options(inventory: CompileOptions["inventory"]): CompileOptions {
  const shape = { kind: "object", fields: { os: { kind: "object", fields: { family: { kind: "string" } } } } } as const;
  return { playbook: join(folder, "site.yml"), inventory, modules: [put], gather: { question: facts(null), shape } };
}

function demand(summary: Summary, status: "ok" | "changed"): void {
  const wrong = Object.entries(summary.hosts).find(([, recap]) => recap[status] !== tasks);
  if (wrong) throw new Error(`${wrong[0]} should have ${tasks} ${status}: ${JSON.stringify(wrong[1])}`);
}
