import { join } from "node:path";
import { cpuOf, type Ground, reset, states } from "./ground.ts";
import type { Taken } from "./inside.ts";
import { writeInventory } from "./inventory.ts";
import { type Compared, compared, type Options } from "./options.ts";
import { closeConnections, type Peer, peers } from "./peers.ts";
import { changesOfFirstRun } from "./work.ts";

/** One measured run of one program. */
export interface Measured extends Omit<Taken, "output" | "exit" | "connections" | "turns"> {
  readonly peer: string;
  readonly part: Compared;
  readonly hosts: number;
  readonly round: number;
  /** Seconds of CPU on all hosts together. */
  readonly targetCpu: number;
  readonly roundTrips?: number;
}

const expected = { first: changesOfFirstRun, rerun: 0, commands: 10 } as const;

/** Lets all programs do the same work, in turns: in each round every program, each time from another first one. Adds to `all`. */
export async function compare(ground: Ground, options: Options, all: Measured[], say: (line: string) => void): Promise<void> {
  const known = peers(ground.folder);
  const chosen = options.peers.map((name) => known[name]);
  for (const count of options.hosts) {
    const hosts = ground.hosts.slice(0, count);
    const inventory = join(ground.folder, `hosts-${count}.yml`);
    writeInventory(inventory, hosts);
    const end = Date.now() + (options.minutes * 60_000) / options.hosts.length;
    let longest = 0;
    for (let round = 0; round < options.rounds && (round === 0 || Date.now() + longest < end); round++) {
      const begun = Date.now();
      for (let turn = 0; turn < chosen.length; turn++) {
        const peer = chosen[(turn + round) % chosen.length];
        if (peer) all.push(...(await turnOf(peer, { ground: { ...ground, hosts }, inventory, options, round, say })));
      }
      longest = Math.max(longest, Date.now() - begun);
    }
  }
}

interface Turn {
  readonly ground: Ground;
  readonly inventory: string;
  readonly options: Options;
  readonly round: number;
  readonly say: (line: string) => void;
}

async function turnOf(peer: Peer, turn: Turn): Promise<Measured[]> {
  const { ground, options, round, say } = turn;
  const measured: Measured[] = [];
  const needsFirst = options.only.includes("first") || options.only.includes("rerun");
  if (needsFirst) await reset(ground.hosts);
  for (const part of compared) {
    // A rerun needs the first run of the same program before it, measured or not.
    if (!options.only.includes(part) && !(part === "first" && needsFirst)) continue;
    const one = await runOnce(peer, part, turn);
    if (options.only.includes(part)) measured.push(one);
    say(`round ${round + 1}, ${ground.hosts.length} hosts, ${part}: ${peer.name} ${one.seconds.toFixed(1)} s`);
    if (part === "first") await sameState(ground, peer);
  }
  return measured;
}

async function runOnce(peer: Peer, part: Compared, { ground, inventory, round }: Turn): Promise<Measured> {
  const { hosts, controller, folder } = ground;
  const playbook = join(folder, part === "commands" ? "commands.yml" : "site.yml");
  const argv = peer.argv(playbook, inventory, Math.max(5, hosts.length));
  const before = await cpuOf(hosts);
  const {
    output,
    exit,
    connections: _c,
    turns: _t,
    ...taken
  } = await controller.measure({ argv, env: peer.env, cwd: folder, limit: 1200, relays: [] });
  const targetCpu = (await cpuOf(hosts)) - before;
  await controller.quietly(closeConnections);
  const { changed, failed, roundTrips } = peer.said(output);
  if (exit !== 0 || failed > 0 || changed !== expected[part] * hosts.length) {
    throw new Error(
      `${peer.name}, ${part}: exit ${exit}, ${changed} changed instead of ${expected[part] * hosts.length}\n${output.slice(-4000)}`,
    );
  }
  return { peer: peer.name, part, hosts: hosts.length, round, ...taken, targetCpu, ...(roundTrips !== undefined && { roundTrips }) };
}

const seen = new Map<string, { readonly peer: string; readonly state: string }>();

/** All programs must lead every host to the same state. */
async function sameState({ hosts }: Ground, peer: Peer): Promise<void> {
  for (const state of await states(hosts)) {
    const before = seen.get("state") ?? { peer: peer.name, state };
    seen.set("state", before);
    if (before.state !== state) throw new Error(`${peer.name} led to another state than ${before.peer}:\n${before.state}\n---\n${state}`);
  }
}
