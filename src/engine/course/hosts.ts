import type { Host } from "../../inventory/model.ts";
import type { Listener } from "../../kernel/event.ts";
import type { Unreachable } from "../../kernel/target.ts";
import { Unknown } from "../../kernel/value.ts";
import { HostRun } from "../act/hostrun.ts";
import { Locking } from "../act/locking.ts";
import { Pauses } from "../act/pausing.ts";
import { HostVars } from "../compile/hostvars.ts";
import type { CompiledPlay, Program } from "../compile/program.ts";
import { gathers } from "../compile/reach.ts";
import { identity } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import { longestChain } from "../decide/chainend.ts";
import { Cursor } from "../decide/cursor.ts";
import { Knowledge } from "../decide/knowledge.ts";
import type { WayTo } from "./apart.ts";
import { Connections, wayOf } from "./connections.ts";
import type { Delegate } from "./delegate.ts";
import type { ExecuteOptions } from "./executeoptions.ts";
import type { Progress } from "./progress.ts";
import { resumeIn } from "./resume.ts";

/** Turns of all hosts together that are kept in memory: many hosts have shorter chains. */
const plannedAtOnce = 20_000;

/** Who is told of a host. */
export interface HostListener {
  readonly lost: (host: string, gone: Unreachable) => void;
  /** How many tasks of the play are left on it. */
  readonly left: (play: CompiledPlay, host: string) => number;
}

/** What a run keeps of its hosts from play to play: connections, variables, and what is known. */
export class Hosts {
  readonly connections: Connections;
  readonly #program: Program;
  readonly #options: ExecuteOptions;
  readonly #listen: Listener;
  readonly #listener: HostListener;
  readonly #progress: Progress;
  readonly #vars = new Map<string, HostVars>();
  readonly #knowledge: Map<string, Knowledge>;
  #pauses: Pauses;

  constructor(program: Program, options: ExecuteOptions, listen: Listener, listener: HostListener, progress: Progress) {
    this.#program = program;
    this.#options = options;
    this.#listen = listen;
    this.#listener = listener;
    this.#progress = progress;
    this.#knowledge = options.knowledge ?? new Map();
    this.#pauses = this.#newPauses();
    this.connections = new Connections(options.connect, options.reconnect ?? options.connect, listen);
  }

  /** Other hosts come to the same places again. */
  nextBatch(): void {
    this.#pauses = this.#newPauses();
  }

  #newPauses(): Pauses {
    return new Pauses(this.#options.prompt, this.#options.signal);
  }

  close(): Promise<void> {
    return this.connections.close();
  }

  varsOf(host: string): HostVars {
    const vars = this.#vars.get(host) ?? new HostVars();
    this.#vars.set(host, vars);
    return vars;
  }

  /** The host on its way through the play. */
  run(play: CompiledPlay, host: Host): HostRun {
    const { context } = this.#program;
    const vars = this.varsOf(host.name);
    const at = this.#options.resume?.get(host.name);
    const resumed = at && resumeIn(play, this.#program.plays, at);
    for (const message of resumed?.says ?? []) this.#listen({ event: "warning", host: host.name, message });
    const from = resumed ? resumed.from : play.from;
    const seat = { context, play, host, ...(from && { from }) };
    const gathering = gathers(seat);
    if (gathering) vars.set("facts", new Unknown("the facts of the host", context.gather.shape));
    const watch = this.#options.watch?.(host.name, this.#program.plays.indexOf(play));
    const variables = variablesFor(context, play, host, play.play.inherited, new Map(), vars);
    const connection = play.connections.get(host.name);
    const position = {
      cursor: Cursor.over(play.play.entries),
      vars,
      notified: new Set(resumed?.owed),
      owed: new Set(resumed?.owed),
      unsure: new Map<never, string>(),
      flushes: 0,
      failed: false,
      ended: false,
    };
    return new HostRun(seat, position, {
      lookahead: this.#options.lookahead,
      together: true,
      longest: this.#options.step ? 1 : Math.max(10, Math.min(longestChain, Math.floor(plannedAtOnce / play.members.length))),
      knowledge: this.#knowledgeOf(play, host.name),
      gatherAs: gathering ? identity(play.play, variables) : undefined,
      connect: () => this.connections.to(host.name, connection),
      reconnect: (port) => this.connections.beside(connection, port),
      adopt: (target) => this.connections.adopt(host.name, target),
      reached: (now, due) => this.#progress.reached(seat, now, due),
      ran: (handler) => this.#progress.ran(seat, handler),
      busy: (doing) => this.#listen({ event: "progress", host: host.name, doing, left: this.#listener.left(play, host.name) }),
      ...this.#locking(host.name),
      pause: (place, step) => this.#pauses.at(place, step, () => this.#quiet(play)),
      ...(this.#options.signal && { signal: this.#options.signal }),
      ...(watch && { watch }),
      ahead: this.#options.ahead?.(host.name) ?? [],
      lost: (gone) => this.#listener.lost(host.name, gone),
    });
  }

  /** Nothing moves on the terminal while a person is asked. */
  #quiet(play: CompiledPlay): void {
    for (const host of play.hosts) this.#listen({ event: "progress", host, doing: "", left: 0 });
  }

  /** What leads to a host that a task of another one is delegated to. */
  way({ host: { name }, connection }: Delegate): WayTo {
    const knowledge = this.#knowledge.get(name) ?? new Knowledge();
    this.#knowledge.set(name, knowledge);
    return {
      knowledge,
      connect: () => this.connections.to(name, connection),
      reconnect: (port) => this.connections.beside(connection, port),
      adopt: (target) => this.connections.adopt(name, target),
      ...this.#locking(name),
    };
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
}
