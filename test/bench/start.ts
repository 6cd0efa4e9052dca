import { join } from "node:path";
import { $ } from "zx";
import { median } from "./figures.ts";
import type { Row } from "./table.ts";
import { type Timed, timed } from "./timed.ts";

const root = join(import.meta.dirname, "../..");

const commands: Readonly<Record<string, readonly string[]>> = {
  "--version": ["--version"],
  "list tasks site.yml": ["list", "tasks", join(root, "playbooks/site.yml"), "-i", join(root, "inventory/demo.yml")],
};

const programs: Readonly<Record<string, { readonly file: string; readonly env: Readonly<Record<string, string>> }>> = {
  sources: { file: "src/cli/launch.js", env: {} },
  "sources, no compile cache": { file: "src/cli/launch.js", env: { NODE_DISABLE_COMPILE_CACHE: "1" } },
  built: { file: "dist/cli/launch.js", env: {} },
  "built, no compile cache": { file: "dist/cli/launch.js", env: { NODE_DISABLE_COMPILE_CACHE: "1" } },
};

/** How long the program takes before it does anything: started directly, as people's shells start it, without a host. */
export async function measureStart(times: number): Promise<Row[]> {
  // tsc writes its output also when a type is wrong somewhere.
  const built = await $({ cwd: root, quiet: true, nothrow: true, timeout: "3m" })`npm run build`;
  if (built.exitCode !== 0) process.stderr.write(`npm run build failed; what it wrote is measured anyway:\n${built.stdout}`);
  const rows: Row[] = [];
  for (const [command, args] of Object.entries(commands)) {
    const taken = new Map<string, Timed[]>(Object.keys(programs).map((name) => [name, []]));
    // In turns, so that a busy moment of the machine falls on all of them; the first turn only fills the caches.
    for (let turn = 0; turn <= times; turn++) {
      for (const [name, { file, env }] of Object.entries(programs)) {
        const one = await timed([process.execPath, join(root, file), ...args], env);
        if (turn > 0) taken.get(name)?.push(one);
      }
    }
    for (const [program, all] of taken) {
      const wall = median(all.map((t) => t.seconds * 1000));
      rows.push({ command, program, "wall ms": wall, "CPU ms": median(all.map((t) => t.cpu * 1000)), runs: times });
    }
  }
  return rows;
}
