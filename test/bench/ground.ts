import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startHost, type TestHost } from "../hosts/host.ts";
import { ensureImage, hostImage, type Say } from "../hosts/image.ts";
import { currentRun } from "../hosts/run.ts";
import { type Controller, startController } from "./controller.ts";
import { compared, type Options } from "./options.ts";
import { relayPort } from "./relay.ts";
import { writePlaybooks } from "./work.ts";

/** Everything that a comparison stands on: hosts, the controller, and the files that the programs read. */
export interface Ground {
  readonly hosts: readonly TestHost[];
  readonly controller: Controller;
  readonly folder: string;
}

/** Starts `options.hosts` at most, or one for the latency part. */
export async function bringUp(options: Options, say: Say): Promise<Ground> {
  const count = compared.some((part) => options.only.includes(part)) ? Math.max(...options.hosts) : 1;
  const base = await hostImage("trixie", say);
  const image = await ensureImage("../bench/target", `rempart-bench-target:${base.split(":")[1]}`, say, async () => ({ BASE: base }));
  const folder = join(currentRun().folder, "bench");
  mkdirSync(folder, { recursive: true });
  writePlaybooks(folder, options.gatherFacts);
  say(`starting ${count} hosts of the benchmark (systemd, sshd, with python3) and the controller`);
  const hosts: TestHost[] = [];
  for (let i = 0; i < count; i++) hosts.push(await startHost({ release: "trixie", name: `bench-${i}`, image }));
  const known = join(folder, "known_hosts");
  const keys = hosts.map((host) => readFileSync(host.knownHosts, "utf8"));
  // Behind a relay the first host has another name: the relay's.
  const far = options.roundTrips.map((ms) => keys[0]?.replaceAll(/^\S+/gm, `[127.0.0.1]:${relayPort(ms)}`));
  writeFileSync(known, [...keys, ...far].join(""));
  return { hosts, controller: await startController(known, say), folder };
}

/** Puts the hosts back to where a first run begins. */
export async function reset(hosts: readonly TestHost[]): Promise<void> {
  await Promise.all(hosts.map((host) => host.out(["sh", "/usr/lib/bench/reset.sh"])));
}

/** What the 100 tasks led to, host by host. */
export function states(hosts: readonly TestHost[]): Promise<string[]> {
  return Promise.all(hosts.map((host) => host.out(["sh", "/usr/lib/bench/state.sh"])));
}

/** Seconds of CPU that the hosts have used since they started. */
export async function cpuOf(hosts: readonly TestHost[]): Promise<number> {
  const all = await Promise.all(hosts.map((host) => host.out(["sh", "/usr/lib/bench/cpu.sh"])));
  return all.reduce((sum, one) => sum + Number(one), 0) / 1e9;
}
