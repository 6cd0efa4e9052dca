import { randomBytes, randomInt } from "node:crypto";
import { BlockList } from "node:net";
import { networkInterfaces } from "node:os";
import { $ } from "zx";
import { withLock } from "./lock.ts";
import { currentRun } from "./run.ts";

/** A network of containers: its name, and the first three numbers of its addresses. */
export interface Bridge {
  readonly name: string;
  readonly prefix: string;
}

const quiet = $({ quiet: true, nothrow: true });

/** The run's bridge, which all its hosts share, made at the first call. Its subnet is our own choice, because only then may hosts keep an address over reboots. */
export async function runNetwork(): Promise<Bridge> {
  const run = currentRun();
  const name = `rempart-${run.id}`;
  return withLock(`network-${run.id}`, 60, async () => {
    const there = await quiet`docker network inspect ${name} --format ${"{{(index .IPAM.Config 0).Subnet}}"}`;
    if (there.exitCode === 0) return { name, prefix: there.stdout.split(".").slice(0, 3).join(".") };
    return makeNetwork(name, () => `10.${randomInt(64, 128)}.${randomInt(0, 256)}`);
  });
}

/**
 * Another network of the run, for a site of its own. `lan` has addresses as homes have them. `wan` has some that nobody on the internet has
 * (198.18.0.0/15) and that pass for public ones. This machine is .254 in it. Neither leads any further.
 */
export function siteNetwork(kind: "lan" | "wan"): Promise<Bridge> {
  const name = `rempart-${currentRun().id}-${kind}-${randomBytes(2).toString("hex")}`;
  const prefix = { lan: () => `192.168.${randomInt(1, 255)}`, wan: () => `198.${randomInt(18, 20)}.${randomInt(0, 256)}` }[kind];
  // A machine that lets iptables look at bridged packets would masquerade those that a router sends on from one to the other.
  return makeNetwork(name, prefix, ["-o", "com.docker.network.bridge.enable_ip_masquerade=false"], 254);
}

async function makeNetwork(name: string, choose: () => string, options: readonly string[] = [], machine?: number): Promise<Bridge> {
  const given = Object.entries(currentRun().labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  for (let tries = 0; tries < 50; tries++) {
    const prefix = choose();
    if (taken(prefix)) continue;
    const gateway = machine === undefined ? [] : ["--gateway", `${prefix}.${machine}`];
    const made = await quiet`docker network create --subnet ${`${prefix}.0/24`} ${gateway} ${options} ${given} ${name}`;
    if (made.exitCode === 0) return { name, prefix };
    if (!/overlap/i.test(made.stderr)) throw new Error(`a network for test hosts: ${made.stderr.trim()}`);
  }
  throw new Error(`no free subnet for ${name}, such as ${choose()}.0/24`);
}

/** Whether a network of this machine has addresses in there: a wider one that holds it, or one within. */
function taken(prefix: string): boolean {
  const wanted = new BlockList();
  wanted.addSubnet(`${prefix}.0`, 24);
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .some(({ address, cidr, family }) => {
      if (family !== "IPv4" || cidr === null) return false;
      const own = new BlockList();
      own.addSubnet(address, Number(cidr.split("/")[1]));
      return own.check(`${prefix}.0`) || wanted.check(address);
    });
}
