import { writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { currentRun, endRun, endRunOnSignal, sweep } from "../hosts/run.ts";
import { compare, type Measured } from "./compare.ts";
import { bringUp } from "./ground.ts";
import { type Far, latencyRows, measureLatency } from "./latency.ts";
import { compared, parseOptions } from "./options.ts";
import { report } from "./report.ts";
import { measureScale } from "./scale.ts";
import { measureStart } from "./start.ts";
import { markdown, type Row, table } from "./table.ts";

const options = parseOptions(process.argv.slice(2));
const tables: { readonly title: string; readonly rows: readonly Row[] }[] = [];
const near: Measured[] = [];
const far: Far[] = [];
const wants = (...parts: readonly (typeof options.only)[number][]): boolean => parts.some((part) => options.only.includes(part));
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

let interrupted = false;
// The hosts are removed at once (endRunOnSignal); what was measured so far is still told. The second time it just ends.
process.on("SIGINT", () => {
  if (interrupted) process.exit(130);
  interrupted = true;
});

try {
  if (wants("start")) show("The program by itself, until it has said what it was asked", await measureStart(options.rounds * 2));
  if (wants("scale")) show("The engine by itself, against fake hosts in its own process", await measureScale(options.sizes));
  if (wants(...compared, "latency")) await withHosts();
} catch (error) {
  process.exitCode = interrupted ? 130 : 1;
  say(interrupted ? "interrupted" : error instanceof Error ? error.message : String(error));
} finally {
  if (options.json !== undefined) writeJson(options.json);
}

async function withHosts(): Promise<void> {
  await sweep();
  currentRun();
  endRunOnSignal();
  try {
    const ground = await bringUp(options, say);
    if (wants("latency")) await measureLatency(ground, options, far, say);
    if (wants(...compared)) await compare(ground, options, near, say);
  } finally {
    // Also of a run that was interrupted.
    for (const { title, rows } of report(near)) show(title, rows);
    show("Rerun of the 100 tasks on a host that is far away, by milliseconds there and back", latencyRows(far, "rerun"));
    show("Ten commands on a host that is far away", latencyRows(far, "commands"));
    await endRun();
  }
}

function show(title: string, rows: readonly Row[]): void {
  if (rows.length === 0) return;
  tables.push({ title, rows });
  process.stdout.write(options.markdown ? `\n### ${title}\n\n${markdown(rows)}` : `\n== ${title}\n${table(rows)}`);
}

function writeJson(file: string): void {
  const machine = { cpu: cpus()[0]?.model ?? "", cores: cpus().length, kernel: release(), node: process.version };
  writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), machine, options, tables, runs: { near, far } }, null, 2)}\n`);
}
