import PQueue from "p-queue";
import type { Host } from "../inventory/model.ts";
import type { Counts } from "../kernel/counts.ts";
import type { Listener, TaskEvent } from "../kernel/event.ts";
import { placeOf } from "../kernel/span.ts";
import type { Connect, Connection, Target, Unreachable } from "../kernel/target.ts";
import { Unknown } from "../kernel/value.ts";
import { Cursor } from "./cursor.ts";
import { type AskedAhead, HostRun } from "./hostrun.ts";
import { HostVars } from "./hostvars.ts";
import { Knowledge } from "./knowledge.ts";
import { runLinear } from "./linear.ts";
import { Locking, type LockOptions } from "./locking.ts";
import { longestChain } from "./look.ts";
import type { CompiledPlay, Program } from "./program.ts";
import { gathers } from "./reach.ts";
import { addCounts, noCounts, type Summary, summaryOf, Tallies } from "./tallies.ts";
import type { TurnWatch } from "./turnwatch.ts";
import { identity } from "./unit.ts";
import { variablesFor } from "./variables.ts";
import { leftUnproved } from "./wording.ts";

export interface ExecuteOptions {
  readonly connect: Connect;
  /** A new connection whatever is open, for the proof of a guarded block; where `connect` may give one that is open already. */
  readonly reconnect?: Connect;
  /** Hosts worked on at the same time. */
  readonly forks: number;
  /** False: ask, decide, act, ask again, task by task. */
  readonly lookahead: boolean;
  readonly signal?: AbortSignal;
  /** One run at a time per host; left out: nothing is locked. */
  readonly lock?: Omit<LockOptions, "signal">;
  /** Who looks on at a host in a play, by the index of the play. */
  readonly watch?: (host: string, play: number) => TurnWatch | undefined;
  /** What a host is asked together with the first questions of a play. */
  readonly ahead?: (host: string) => readonly AskedAhead[];
  /** What is known of hosts already, by name; what becomes known is put there too. */
  readonly knowledge?: Map<string, Knowledge>;
  /** Hosts that are out of the run from its start. */
  readonly out?: ReadonlyMap<string, HostOut>;
}

/** Why a host takes no part in a run. */
export interface HostOut {
  readonly status: "refused" | "unreachable";
  readonly message: string;
  readonly help: string;
  /** It was told already, and is only counted. */
  readonly told?: true;
}

/** Turns of all hosts together that are kept in memory: many hosts have shorter chains. */
const plannedAtOnce = 20_000;

/** Runs a compiled playbook. Everything that happens is told to the listener; the summary decides the exit code. */
export async function execute(program: Program, options: ExecuteOptions, listen: Listener): Promise<Summary> {
  const run = new Run(program, options, listen);
  try {
    return await run.all();
  } finally {
    await run.close();
  }
}

class Run {
  readonly #program: Program;
  readonly #options: ExecuteOptions;
  readonly #listen: Listener;
  readonly #targets = new Map<string, { readonly key: string; readonly target: Target }>();
  readonly #vars = new Map<string, HostVars>();
  readonly #knowledge: Map<string, Knowledge>;
  /** What was counted on connections that are closed. */
  readonly #spent = new Map<string, Counts>();
  readonly #tallies: Tallies;
  readonly #out = new Set<string>();
  /** Tasks of the present play that are over, by host. */
  readonly #told = new Map<string, number>();
  readonly #started = performance.now();

  constructor(program: Program, options: ExecuteOptions, listen: Listener) {
    this.#program = program;
    this.#options = options;
    this.#listen = listen;
    this.#knowledge = options.knowledge ?? new Map();
    this.#tallies = new Tallies(program.plays.flatMap((p) => p.hosts));
  }

  async all(): Promise<Summary> {
    const { context, plays, playbook } = this.#program;
    const hosts = [...new Set(plays.flatMap((p) => p.hosts))];
    this.#listen({ event: "start", playbook, check: context.check, hosts });
    for (const [host, out] of this.#options.out ?? []) this.#leaveOut(host, out);
    for (const play of plays) {
      if (this.#options.signal?.aborted) break;
      await this.#play(play);
    }
    return this.#recap();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#targets.values()].map(({ target }) => target.close()));
  }

  async #play(play: CompiledPlay): Promise<void> {
    this.#told.clear();
    const members = play.members.filter((h) => !this.#out.has(h.name));
    const at = placeOf(play.at);
    this.#listen({
      event: "play",
      play: play.name,
      at: `${at.file}:${at.line}:${at.column}`,
      hosts: members.map((h) => h.name),
      tasks: play.tasks.length,
    });
    const runs = members.map((host) => this.#hostRun(play, host));
    const queue = new PQueue({ concurrency: this.#options.forks });
    await runLinear(runs, queue, (event) => this.#tell(event), this.#options.signal);
    for (const run of runs) {
      const { name } = run.seat.host;
      if (run.unproved !== undefined) this.#listen({ event: "warning", host: name, message: leftUnproved(run.unproved) });
      if (run.gone || run.position.failed) this.#out.add(name);
    }
  }

  #hostRun(play: CompiledPlay, host: Host): HostRun {
    const { context } = this.#program;
    const vars = this.#vars.get(host.name) ?? new HostVars();
    this.#vars.set(host.name, vars);
    const seat = { context, play, host };
    const gathering = gathers(seat);
    if (gathering) vars.set("facts", new Unknown("the facts of the host", context.gather.shape));
    const watch = this.#options.watch?.(host.name, this.#program.plays.indexOf(play));
    const variables = variablesFor(context, play, host, play.play.inherited, new Map(), vars);
    const position = {
      cursor: Cursor.over(play.play.entries),
      vars,
      notified: new Set<never>(),
      unsure: new Map<never, string>(),
      failed: false,
      ended: false,
    };
    return new HostRun(seat, position, {
      lookahead: this.#options.lookahead,
      longest: Math.max(10, Math.min(longestChain, Math.floor(plannedAtOnce / play.members.length))),
      knowledge: this.#knowledgeOf(play, host.name),
      gatherAs: gathering ? identity(play.play, variables) : undefined,
      connect: () => this.#connect(host.name, play.connections.get(host.name)),
      reconnect: (port) => this.#reconnect(play.connections.get(host.name), port),
      adopt: (target) => this.#adopt(host.name, target),
      busy: (doing) =>
        this.#listen({
          event: "progress",
          host: host.name,
          doing,
          left: Math.max(0, play.tasks.length - (this.#told.get(host.name) ?? 0)),
        }),
      ...this.#locking(host.name),
      ...(watch && { watch }),
      ahead: this.#options.ahead?.(host.name) ?? [],
      lost: (gone) => this.#unreachable(host.name, gone),
    });
  }

  /** Answers are of one play; in check mode what the plays before this one would have done still counts, and so do answers that were given in the same way. */
  #knowledgeOf(play: CompiledPlay, host: string): Knowledge {
    const knowledge = this.#knowledge.get(host) ?? new Knowledge();
    this.#knowledge.set(host, knowledge);
    const first = this.#program.plays.find((p) => p.hosts.includes(host)) === play;
    if (!first && (!this.#program.context.check || this.#waysTo(host) > 1)) knowledge.forgetAnswers();
    return knowledge;
  }

  /** How many different connections the plays have to a host. */
  #waysTo(host: string): number {
    return new Set(this.#program.plays.flatMap((p) => p.connections.get(host) ?? []).map(wayOf)).size;
  }

  #locking(host: string): { readonly locking?: Locking } {
    const { lock, signal } = this.#options;
    if (!lock) return {};
    return { locking: new Locking({ ...lock, ...(signal && { signal }) }, (message) => this.#listen({ event: "warning", host, message })) };
  }

  async #connect(host: string, connection: Connection | undefined): Promise<Target | Unreachable> {
    if (!connection) return noConnection;
    const key = wayOf(connection);
    const open = this.#targets.get(host);
    if (open?.key === key) return open.target;
    await open?.target.close();
    this.#listen({ event: "connecting", host });
    const started = performance.now();
    const reached = await this.#options.connect(connection);
    if ("unreachable" in reached) return reached;
    this.#targets.set(host, { key, target: reached });
    this.#listen({ event: "connected", host, seconds: (performance.now() - started) / 1000 });
    return reached;
  }

  #leaveOut(host: string, { status, message, help, told }: HostOut): void {
    this.#out.add(host);
    this.#tallies.out(host, status === "refused" ? "failed" : "unreachable");
    if (!told) this.#listen({ event: "host", host, status, message, help });
  }

  #unreachable(host: string, gone: Unreachable): void {
    this.#tallies.out(host, "unreachable");
    this.#listen({ event: "host", host, status: "unreachable", message: gone.unreachable, help: gone.help });
  }

  #tell(event: TaskEvent): void {
    this.#told.set(event.host, (this.#told.get(event.host) ?? 0) + 1);
    this.#tallies.task(event);
    this.#listen(event);
  }

  async #reconnect(connection: Connection | undefined, port: number | undefined): Promise<Target | Unreachable> {
    if (!connection) return noConnection;
    const { reconnect = this.#options.connect } = this.#options;
    return reconnect(port === undefined ? connection : { ...connection, port });
  }

  /** The host goes on over this connection. */
  #adopt(host: string, target: Target): void {
    const old = this.#targets.get(host);
    this.#targets.set(host, { key: old?.key ?? "", target });
    if (!old) return;
    this.#spent.set(host, addCounts(this.#spent.get(host) ?? noCounts, old.target.counts));
    void old.target.close();
  }

  #recap(): Summary {
    const spent = (host: string): Counts => this.#spent.get(host) ?? noCounts;
    const hosts = this.#tallies.hosts((host) => addCounts(spent(host), this.#targets.get(host)?.target.counts ?? noCounts));
    this.#listen({ event: "recap", hosts, seconds: (performance.now() - this.#started) / 1000, check: this.#program.context.check });
    return summaryOf(hosts, this.#options.signal?.aborted === true);
  }
}

/** The same text for two connections that lead to the same place in the same way. */
function wayOf({ password, api, ...rest }: Connection): string {
  const secrets = [password, api?.token, api?.password].map((secret) => secret?.reveal());
  return JSON.stringify([rest, api, secrets]);
}

const noConnection: Unreachable = { unreachable: "no connection was resolved for this host", help: "see: rempart doctor" };
