import { randomInt } from "node:crypto";
import { networkInterfaces } from "node:os";
import { $ } from "zx";
import { withLock } from "./lock.ts";
import { currentRun } from "./run.ts";

/** The bridge that all hosts of a run share: its name, and the first three numbers of its addresses. */
export interface Bridge {
  readonly name: string;
  readonly prefix: string;
}

const quiet = $({ quiet: true, nothrow: true });

/** The run's bridge, made at the first call. Its subnet is our own choice, because only then may hosts keep an address over reboots. */
export async function runNetwork(): Promise<Bridge> {
  const run = currentRun();
  const name = `rempart-${run.id}`;
  return withLock(`network-${run.id}`, 60, async () => {
    const there = await quiet`docker network inspect ${name} --format ${"{{(index .IPAM.Config 0).Subnet}}"}`;
    if (there.exitCode === 0) return { name, prefix: prefixOf(there.stdout.trim()) };
    const given = Object.entries(run.labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
    for (let tries = 0; tries < 50; tries++) {
      const subnet = `10.${randomInt(64, 128)}.${randomInt(0, 256)}.0/24`;
      if (taken(subnet)) continue;
      const made = await quiet`docker network create --subnet ${subnet} ${given} ${name}`;
      if (made.exitCode === 0) return { name, prefix: prefixOf(subnet) };
      if (!/overlap/i.test(made.stderr)) throw new Error(`the bridge for test hosts: ${made.stderr.trim()}`);
    }
    throw new Error("no free subnet for test hosts in 10.64.0.0/10");
  });
}

function prefixOf(subnet: string): string {
  return subnet.split(".").slice(0, 3).join(".");
}

function taken(subnet: string): boolean {
  const second = subnet.split(".").slice(0, 2).join(".");
  return Object.values(networkInterfaces()).some((list) => list?.some((one) => one.address.startsWith(`${second}.`)));
}
