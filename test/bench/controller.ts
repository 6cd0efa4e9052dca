import { join } from "node:path";
import { $ } from "zx";
import { ensureImage, hostImage, type Say } from "../hosts/image.ts";
import { runNetwork } from "../hosts/network.ts";
import { currentRun } from "../hosts/run.ts";
import type { Job, Taken } from "./inside.ts";

const root = join(import.meta.dirname, "../..");
const node = join(root, "node_modules/node/bin/node");

/** The container that all programs are started in, beside the hosts. */
export interface Controller {
  readonly container: string;
  /** Runs a job and takes its figures inside, so that the engine's own overhead does not count. */
  measure(job: Job): Promise<Taken>;
  /** Runs a line by sh, whatever its exit code. */
  quietly(line: string): Promise<string>;
}

/** Starts it with the clone, its Node and the run's folder at their own paths, and the hosts' keys as known_hosts. */
export async function startController(knownHosts: string, say: Say): Promise<Controller> {
  const base = await hostImage("trixie", say);
  const image = await ensureImage("../bench/controller", `rempart-bench-controller:${base.split(":")[1]}`, say, async () => ({
    BASE: base,
  }));
  const run = currentRun();
  const bridge = await runNetwork();
  const container = `rempart-${run.id}-controller`;
  const labels = Object.entries(run.labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  const mounts = [`${root}:${root}:ro`, `${run.folder}:${run.folder}`, `${knownHosts}:/root/.ssh/known_hosts:ro`].flatMap((m) => ["-v", m]);
  await $({ quiet: true })`docker run -d --init --name ${container} --network ${bridge.name} ${labels} ${mounts} ${image}`;
  const exec = $({ quiet: true, nothrow: true });
  return {
    container,
    async measure(job) {
      const words = [node, join(import.meta.dirname, "inside.ts"), JSON.stringify(job)];
      const done = await exec`timeout ${job.limit + 30} docker exec ${container} ${words}`;
      if (done.exitCode !== 0) throw new Error(`${job.argv.join(" ")}: ${done.stderr || done.stdout}`);
      return JSON.parse(done.stdout) as Taken;
    },
    quietly: async (line) => (await exec`timeout 60 docker exec ${container} sh -c ${line}`).stdout,
  };
}

/** How the program itself is started: as people's shells start it, not through npx. */
export const rempart = [node, join(root, "src/cli/launch.js")] as const;
