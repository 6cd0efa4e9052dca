import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { $ } from "zx";
import type { HostRecap, TaskEvent } from "../../src/kernel/event.ts";
import type { JsonEvent } from "../../src/views/json-schema.ts";
import type { TestHost } from "../hosts/host.ts";
import { currentRun } from "../hosts/run.ts";

const root = resolve(import.meta.dirname, "../..");
/** As `npx rempart` finds it. */
const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly bin: { readonly rempart: string } };

/** What a run of the whole program told. */
export interface Told {
  readonly exitCode: number | null;
  readonly tasks: readonly TaskEvent[];
  /** Of the one host, or of the named one. */
  recap(host?: string): HostRecap;
  /** `role : task` of everything that changed or would change, in order. */
  readonly changes: readonly string[];
  /** Failures with all they said, for the message of a failed test. */
  readonly trouble: string;
}

/** Runs `rempart run` on these hosts, as a person would, and reads its JSON. */
export class Rempart {
  readonly #playbook: string;
  readonly #inventories: string[];
  readonly #environment: Readonly<Record<string, string>>;

  constructor(
    playbook: string,
    hosts: readonly TestHost[],
    variables: Readonly<Record<string, unknown>> = {},
    inventories: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.#playbook = playbook;
    this.#environment = environment;
    const all = { all: { hosts: Object.fromEntries(hosts.map((h) => [h.name, h.variables()])), vars: variables } };
    this.#inventories = [...inventories, inventoryFile(all)];
  }

  /** The same with further variables on top, for the options of a second configuration. */
  with(variables: Readonly<Record<string, unknown>>): Rempart {
    return new Rempart(this.#playbook, [], variables, this.#inventories, this.#environment);
  }

  async run(...words: readonly string[]): Promise<Told> {
    const given = this.#inventories.flatMap((file) => ["-i", file]);
    const done = await $({
      cwd: root,
      env: { ...process.env, ...this.#environment },
      quiet: true,
      nothrow: true,
    })`node_modules/.bin/node ${bin.rempart} run ${this.#playbook} ${given} --output json ${words}`;
    return told(done.exitCode, done.stdout, done.stderr);
  }
}

/** Writes an inventory of its own, for what the hosts alone do not say. */
export function inventoryFile(content: unknown): string {
  const folder = join(currentRun().folder, "inventories");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${randomUUID()}.yml`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function told(exitCode: number | null, stdout: string, stderr: string): Told {
  const events = stdout.split("\n").flatMap((line): JsonEvent[] => (line === "" ? [] : [JSON.parse(line) as JsonEvent]));
  const tasks = events.filter((e): e is TaskEvent => e.event === "task");
  const recaps = events.find((e) => e.event === "recap")?.hosts ?? {};
  const failed = tasks.filter((t) => t.status === "failed" || t.status === "unreachable");
  const diagnostics = events.flatMap((e) => (e.event === "diagnostic" ? [e.message] : e.event === "host" ? [e.message] : []));
  return {
    exitCode,
    tasks,
    changes: tasks.filter((t) => t.status === "changed").map((t) => `${t.role} : ${t.task}`),
    trouble: [...diagnostics, ...failed.map((t) => JSON.stringify(t)), stderr].join("\n").slice(0, 4000),
    recap(host) {
      const [recap] = host === undefined ? Object.values(recaps) : [recaps[host]];
      if (!recap) throw new Error(`no recap: ${exitCode} ${stdout}${stderr}`);
      return recap;
    },
  };
}

/** A digest of what a run may change on a host: settings, programs of ours, packages, units, kernel parameters, firewall. */
export function fingerprint(host: TestHost): Promise<string> {
  return host.out(`{
    find /etc /usr/local /opt /srv -xdev \\( -type f -o -type l \\) ! -name resolv.conf ! -name mtab -printf '%p %m %u %g %l\\n' | sort
    find /etc /usr/local /opt /srv -xdev -type f ! -name resolv.conf -print0 | sort -z | xargs -0 sha256sum
    dpkg -l
    systemctl list-unit-files --no-pager --plain
    sysctl -a 2>/dev/null | grep -E '^(kernel|vm|dev|net)\\.' | grep -vE 'random|ns_last_pid|nf_conntrack_count|pty.nr|route.min_adv|\\.neigh\\.|perf_event_max_sample_rate|sched'
    iptables -S
  } 2>/dev/null | sha256sum`);
}
