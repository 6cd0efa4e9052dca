import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";

/** Labels that every container, network and volume of a run carries. */
export const labels = { run: "rempart.run", owner: "rempart.owner" } as const;

const quiet = $({ quiet: true, nothrow: true });

/** The run that this process belongs to; child processes inherit it, so that test workers share hosts and clean up together. */
export function currentRun(): { id: string; owner: string; labels: Record<string, string>; folder: string } {
  process.env.REMPART_TEST_RUN ??= Math.random().toString(36).slice(2, 8);
  process.env.REMPART_TEST_OWNER ??= owner(process.pid);
  const id = process.env.REMPART_TEST_RUN;
  const folder = join(tmpdir(), `rempart-test-${id}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = process.env.REMPART_TEST_OWNER;
  return { id, owner: own, labels: { [labels.run]: id, [labels.owner]: own }, folder };
}

/** Removes every container, network and file of a run; of the current one when none is given. */
export async function endRun(id = process.env.REMPART_TEST_RUN): Promise<void> {
  if (id === undefined) return;
  const filter = `label=${labels.run}=${id}`;
  const containers = lines(await quiet`docker ps -aq --filter ${filter}`);
  if (containers.length > 0) await quiet`docker rm -f -v ${containers}`;
  const networks = lines(await quiet`docker network ls -q --filter ${filter}`);
  if (networks.length > 0) await quiet`docker network rm ${networks}`;
  rmSync(join(tmpdir(), `rempart-test-${id}`), { recursive: true, force: true });
}

/** Ends the current run also when this process is told to stop; what even that misses is swept by the next run. */
export function endRunOnSignal(): void {
  const { id } = currentRun();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      const filter = `--filter label=${labels.run}=${id}`;
      const script = `docker ps -aq ${filter} | xargs -r docker rm -f -v; docker network ls -q ${filter} | xargs -r docker network rm`;
      spawnSync("sh", ["-c", script], { stdio: "ignore" });
      rmSync(join(tmpdir(), `rempart-test-${id}`), { recursive: true, force: true });
      if (process.listenerCount(signal) === 0) process.exit(130);
    });
  }
}

/** Removes what runs left behind whose process is gone: killed, or cut off with the machine. */
export async function sweep(): Promise<void> {
  const format = `{{.Label "${labels.run}"}} {{.Label "${labels.owner}"}}`;
  const listed = [
    ...lines(await quiet`docker ps -a --filter label=${labels.run} --format ${format}`),
    ...lines(await quiet`docker network ls --filter label=${labels.run} --format ${format}`),
  ];
  for (const line of new Set(listed)) {
    const [id, held = ""] = line.split(" ");
    if (id !== undefined && id !== "" && gone(held)) await endRun(id);
  }
}

/** A process that can be told from a later one with the same number, and from one on another machine. */
function owner(pid: number): string {
  return [hostname(), readlinkSync("/proc/self/ns/pid").replace(/\D/g, ""), pid, startOf(pid)].join(":");
}

function gone(held: string): boolean {
  const pid = Number(held.split(":")[2]);
  const same = owner(process.pid).split(":");
  const [machine, namespace] = held.split(":");
  if (!Number.isInteger(pid) || machine !== same[0] || namespace !== same[1]) return false;
  return startOf(pid) !== held.split(":")[3];
}

function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A zombie is gone too; its number only waits for its parent.
    return fields[0] === "Z" ? "gone" : (fields[19] ?? "");
  } catch {
    return "gone";
  }
}

function lines(output: { stdout: string }): string[] {
  return output.stdout.split("\n").filter((line) => line.trim() !== "");
}
