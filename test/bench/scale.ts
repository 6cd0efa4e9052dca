import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Row } from "./table.ts";

/** Seconds of compiling and running, and of CPU for both. */
interface Figures {
  readonly compile: number;
  readonly execute: number;
  readonly cpu: number;
}

const run = promisify(execFile);
const program = join(import.meta.dirname, "scale-run.ts");
/** Each stand-in for a machine holds its files and accounts: above this the memory is mostly theirs. */
const mostMachines = 100;

/** The engine by itself: fake hosts in its own process, so that neither network nor target counts. */
export async function measureScale(sizes: readonly number[], limit = 300): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of ["cells", "machines"]) {
    for (const hosts of sizes.filter((size) => kind === "cells" || size <= mostMachines)) {
      const { stdout } = await run(process.execPath, [program, kind, String(hosts)], { timeout: limit * 1000 });
      const { tasks, peak, first, rerun } = JSON.parse(stdout) as { tasks: number; peak: number; first: Figures; rerun: Figures };
      rows.push({
        "fake hosts": kind,
        hosts,
        tasks,
        "compile s": first.compile,
        "first s": first.execute,
        "rerun s": rerun.execute,
        "first CPU s": first.cpu,
        "rerun CPU s": rerun.cpu,
        "peak MB": Math.round(peak),
        "first µs/host/task": (first.cpu * 1e6) / hosts / tasks,
        "rerun µs/host/task": (rerun.cpu * 1e6) / hosts / tasks,
      });
    }
  }
  return rows;
}
