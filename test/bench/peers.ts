import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRecap } from "../hosts/recap-table.ts";
import { rempart } from "./controller.ts";

export const peerNames = ["rempart", "mitogen", "ansible-pipelined", "ansible"] as const;
export type PeerName = (typeof peerNames)[number];

/** What a program says that it did, over all hosts. */
export interface Said {
  readonly changed: number;
  readonly failed: number;
  readonly roundTrips?: number;
}

export interface Peer {
  readonly name: PeerName;
  argv(playbook: string, inventory: string, forks: number): readonly string[];
  readonly env: Readonly<Record<string, string>>;
  said(output: string): Said;
}

/** Where ssh keeps the connections that outlive a run. */
const controlPaths = "/tmp/bench-cp";
/** A line for sh that ends these connections, so that each run starts cold. */
export const closeConnections = `for s in ${controlPaths}/*; do [ -S "$s" ] && ssh -O exit -S "$s" none; done; rm -rf ${controlPaths}`;

const plugins = "/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy";
const settings: Readonly<Record<Exclude<PeerName, "rempart">, readonly string[]>> = {
  mitogen: ["[ssh_connection]", "pipelining = True"],
  "ansible-pipelined": ["[ssh_connection]", "pipelining = True"],
  ansible: ["[ssh_connection]", "pipelining = False"],
};

/** The programs that are compared, with Ansible set up in `folder` as somebody does who wants it fast. */
export function peers(folder: string): Record<PeerName, Peer> {
  return {
    rempart: {
      name: "rempart",
      argv: (playbook, inventory, forks) => [...rempart, "run", playbook, "-i", inventory, "--forks", String(forks)],
      env: {},
      said: saidByRempart,
    },
    mitogen: ansible("mitogen", folder),
    "ansible-pipelined": ansible("ansible-pipelined", folder),
    ansible: ansible("ansible", folder),
  };
}

function ansible(name: Exclude<PeerName, "rempart">, folder: string): Peer {
  const config = join(folder, `${name}.cfg`);
  const strategy = name === "mitogen" ? [`strategy_plugins = ${plugins}`, "strategy = mitogen_linear"] : [];
  // The interpreter is named, because looking for it costs each host a trip; connections are shared and kept, as is usual.
  const lines = ["[defaults]", "interpreter_python = /usr/bin/python3", "nocows = 1", ...strategy, ...settings[name]];
  writeFileSync(config, `${[...lines, `control_path_dir = ${controlPaths}`, ""].join("\n")}`);
  return {
    name,
    argv: (playbook, inventory, forks) => ["ansible-playbook", playbook, "-i", inventory, "--forks", String(forks)],
    env: { ANSIBLE_CONFIG: config },
    said: saidByAnsible,
  };
}

function saidByRempart(output: string): Said {
  const rows = [...readRecap(output).values()];
  const sum = (title: string): number => rows.reduce((all, row) => all + (row[title] ?? 0), 0);
  return { changed: sum("changed"), failed: sum("failed") + sum("unreachable"), roundTrips: sum("round trips") };
}

function saidByAnsible(output: string): Said {
  const rows = [...output.matchAll(/ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/g)];
  const sum = (column: number): number => rows.reduce((all, row) => all + Number(row[column]), 0);
  return { changed: sum(1), failed: sum(2) + sum(3) };
}
