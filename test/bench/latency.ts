import { join } from "node:path";
import { median } from "./figures.ts";
import { type Ground, reset } from "./ground.ts";
import { writeInventory } from "./inventory.ts";
import type { Options } from "./options.ts";
import { closeConnections, type Peer, peers } from "./peers.ts";
import { relayPort } from "./relay.ts";
import type { Row } from "./table.ts";

/** What is run over a distance: work that changes nothing, and work that must be done. */
const works = { rerun: { playbook: "site.yml", changed: 0 }, commands: { playbook: "commands.yml", changed: 10 } } as const;

export interface Far {
  readonly peer: string;
  readonly work: keyof typeof works;
  readonly roundTrip: number;
  readonly seconds: number;
  readonly connections: number;
  readonly turns: number;
}

/** One host, seen through a relay that keeps everything back for half a round trip each way. The peers run once. Adds to `all`. */
export async function measureLatency(ground: Ground, options: Options, all: Far[], say: (line: string) => void): Promise<void> {
  const [host] = ground.hosts;
  if (!host) return;
  const known = peers(ground.folder);
  for (const roundTrip of options.roundTrips) {
    const reach = { [host.name]: { ansible_host: "127.0.0.1", ansible_port: relayPort(roundTrip) } };
    writeInventory(join(ground.folder, `far-${roundTrip}.yml`), [host], reach);
  }
  await reset([host]);
  const near = join(ground.folder, "near.yml");
  writeInventory(near, [host]);
  await ground.controller.measure({ argv: known.rempart.argv("site.yml", near, 5), env: {}, cwd: ground.folder, limit: 600, relays: [] });
  for (let round = 0; round < options.rounds; round++) {
    for (const roundTrip of options.roundTrips) {
      // The others take minutes each, and the distance outweighs whatever else differs from run to run.
      for (const name of round === 0 ? options.peers : options.peers.filter((peer) => peer === "rempart")) {
        for (const work of ["rerun", "commands"] as const) {
          const one = await far(ground, known[name], work, roundTrip);
          all.push(one);
          say(`round ${round + 1}, ${roundTrip} ms away, ${work}: ${name} ${one.seconds.toFixed(1)} s, ${one.turns} turns`);
        }
      }
    }
  }
}

async function far(ground: Ground, peer: Peer, work: keyof typeof works, roundTrip: number): Promise<Far> {
  const { playbook, changed } = works[work];
  const { controller, folder } = ground;
  const [host] = ground.hosts;
  const relays = [{ port: relayPort(roundTrip), host: host?.address ?? "", to: host?.port ?? 22, roundTrip }];
  const argv = peer.argv(playbook, `far-${roundTrip}.yml`, 5);
  const taken = await controller.measure({ argv, env: peer.env, cwd: folder, limit: 1200, relays });
  await controller.quietly(closeConnections);
  const said = peer.said(taken.output);
  if (taken.exit !== 0 || said.failed > 0 || said.changed !== changed) {
    throw new Error(
      `${peer.name}, ${work} ${roundTrip} ms away: exit ${taken.exit}, ${said.changed} changed\n${taken.output.slice(-4000)}`,
    );
  }
  return { peer: peer.name, work, roundTrip, seconds: taken.seconds, connections: taken.connections, turns: taken.turns };
}

/** Seconds by distance. What each millisecond of distance adds tells how many round trips were really waited for. */
export function latencyRows(all: readonly Far[], work: keyof typeof works): Row[] {
  const here = all.filter((one) => one.work === work);
  const distances = [...new Set(here.map((one) => one.roundTrip))].sort((a, b) => a - b);
  return [...new Set(here.map((one) => one.peer))].map((peer) => {
    const at = (distance: number): Far[] => here.filter((one) => one.peer === peer && one.roundTrip === distance);
    const seconds = (distance: number): number => median(at(distance).map((one) => one.seconds));
    const [least = 0, most = 0] = [distances.at(0), distances.at(-1)];
    return {
      program: peer,
      ...Object.fromEntries(distances.map((distance) => [`${distance} ms: s`, seconds(distance)])),
      "waits in round trips": most > least ? Math.round(((seconds(most) - seconds(least)) * 1000) / (most - least)) : undefined,
      "turns seen": median(at(most).map((one) => one.turns)),
      connections: median(at(most).map((one) => one.connections)),
      runs: at(most).length,
    };
  });
}
