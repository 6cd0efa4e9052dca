import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Row } from "./table.ts";

const run = promisify(execFile);

/** The engine by itself: fake hosts in its own process, so that neither network nor target counts. */
export async function measureScale(sizes: readonly number[], tasks: number, limit = 300): Promise<Row[]> {
  const rows: Row[] = [];
  for (const hosts of sizes) {
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, "scale-run.ts"), String(hosts), String(tasks)], {
      timeout: limit * 1000,
    });
    const f = JSON.parse(stdout) as Record<"compile" | "first" | "rerun" | "cpu" | "peak" | "both", number>;
    rows.push({
      hosts,
      tasks,
      "compile s": f.compile,
      "first run s": f.first,
      "rerun s": f.rerun,
      "CPU s of all": f.cpu,
      "peak MB": f.peak,
      "peak MB of both": f.both,
      "first µs/host/task": ((f.compile + f.first) * 1e6) / hosts / tasks,
      "rerun µs/host/task": ((f.compile + f.rerun) * 1e6) / hosts / tasks,
    });
  }
  return rows;
}
