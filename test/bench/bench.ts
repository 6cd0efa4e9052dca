import { writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { currentRun, endRun, endRunOnSignal, sweep } from "../hosts/run.ts";
import { compare, compared } from "./compare.ts";
import { bringUp } from "./ground.ts";
import { parseOptions } from "./options.ts";
import { report } from "./report.ts";
import { measureScale } from "./scale.ts";
import { measureStart } from "./start.ts";
import { type Row, table } from "./table.ts";

const options = parseOptions(process.argv.slice(2));
const parts: Record<string, readonly Row[]> = {};
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

if (compared.some((part) => options.only.includes(part))) await withHosts();
if (options.only.includes("start"))
  show("start", "The program by itself, until it has said what it was asked", await measureStart(options.rounds * 2));
if (options.only.includes("scale"))
  show("scale", "The engine by itself, against fake hosts in its own process", await measureScale(options.sizes, 100));

if (options.json !== undefined) {
  const machine = { cpu: cpus()[0]?.model ?? "", cores: cpus().length, kernel: release(), node: process.version };
  writeFileSync(options.json, `${JSON.stringify({ date: new Date().toISOString(), machine, options, parts }, null, 2)}\n`);
}

async function withHosts(): Promise<void> {
  await sweep();
  currentRun();
  endRunOnSignal();
  try {
    const ground = await bringUp(Math.max(...options.hosts), options.gatherFacts, say);
    const measured = await compare(ground, options, say);
    for (const { title, rows } of report(measured)) show(title, title, rows);
  } finally {
    await endRun();
  }
}

function show(part: string, title: string, rows: readonly Row[]): void {
  parts[part] = rows;
  process.stdout.write(`\n== ${title}\n${table(rows)}`);
}
