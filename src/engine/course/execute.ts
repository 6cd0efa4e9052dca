import PQueue from "p-queue";
import type { Listener, RetryEvent, TaskEvent } from "../../kernel/event.ts";
import { placeOf } from "../../kernel/span.ts";
import type { Unreachable } from "../../kernel/target.ts";
import type { HostRun } from "../act/hostrun.ts";
import type { CompiledPlay, Program } from "../compile/program.ts";
import { leftUnproved, notReached } from "../show/wording.ts";
import { Apart } from "./apart.ts";
import { batches } from "./batches.ts";
import type { ExecuteOptions, HostOut } from "./executeoptions.ts";
import { type HostListener, Hosts } from "./hosts.ts";
import { type Course, Linear, runFree } from "./linear.ts";
import { Progress } from "./progress.ts";
import { Stepping } from "./stepping.ts";
import { type Summary, summaryOf, Tallies } from "./tallies.ts";

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
  readonly #hosts: Hosts;
  readonly #tallies: Tallies;
  readonly #out = new Set<string>();
  readonly #missed = new Map<string, string>();
  /** Tasks of the present play that are over, by host. */
  readonly #told = new Map<string, number>();
  readonly #stepping: Stepping;
  readonly #progress: Progress;
  readonly #started = performance.now();

  constructor(program: Program, options: ExecuteOptions, listen: Listener) {
    this.#program = program;
    this.#options = options;
    this.#listen = listen;
    this.#tallies = new Tallies(program.plays.flatMap((p) => p.hosts));
    this.#stepping = new Stepping(options.step);
    this.#progress = new Progress(options.journal, program);
    const listener: HostListener = {
      lost: (host, gone) => this.#unreachable(host, gone),
      left: (play, host) => Math.max(0, play.tasks.length - (this.#told.get(host) ?? 0)),
    };
    this.#hosts = new Hosts(program, options, listen, listener, this.#progress);
  }

  async all(): Promise<Summary> {
    const { context, plays, playbook } = this.#program;
    const hosts = [...new Set(plays.flatMap((p) => p.hosts))];
    this.#listen({ event: "start", playbook, check: context.check, hosts });
    for (const [host, out] of this.#options.out ?? []) this.#leaveOut(host, out);
    for (const [i, play] of plays.entries()) {
      if (this.#options.signal?.aborted) break;
      const stopped = await this.#play(play);
      if (!stopped) continue;
      const left = plays.slice(i + 1);
      for (const host of left.flatMap((p) => p.hosts)) this.#miss(host, stopped);
      if (left.length > 0)
        this.#listen({
          event: "warning",
          message: notReached(
            stopped,
            left.map((p) => p.name),
          ),
        });
      break;
    }
    return this.#recap();
  }

  close(): Promise<void> {
    return this.#hosts.close();
  }

  /** Batch after batch; gives back why the run ends here. */
  async #play(play: CompiledPlay): Promise<string | undefined> {
    const members = play.members.filter((h) => !this.#out.has(h.name));
    const all = batches(play, members);
    for (const [i, batch] of all.entries()) {
      if (this.#options.signal?.aborted) return undefined;
      const stopped = await this.#batch(play, batch);
      for (const { name } of stopped ? all.slice(i + 1).flat() : []) this.#miss(name, stopped ?? "");
      if (stopped) return stopped;
    }
    return undefined;
  }

  async #batch(play: CompiledPlay, members: CompiledPlay["members"]): Promise<string | undefined> {
    this.#told.clear();
    this.#hosts.nextBatch();
    const at = placeOf(play.at);
    this.#listen({
      event: "play",
      play: play.name,
      at: `${at.file}:${at.line}:${at.column}`,
      hosts: members.map((h) => h.name),
      tasks: play.tasks.length,
    });
    const runs = members.map((host) => this.#hosts.run(play, host));
    const linear = new Linear(runs, this.#course(play, runs));
    await (play.play.strategy === "free" ? runFree(runs, this.#course(play, runs)) : linear.run());
    for (const run of runs) {
      const { name } = run.seat.host;
      if (run.unproved !== undefined) this.#listen({ event: "warning", host: name, message: leftUnproved(run.unproved) });
      if (run.gone || run.position.failed) this.#out.add(name);
    }
    if (linear.stopped) return `the play "${play.name}" was ended for all hosts`;
    const none = runs.length > 0 && runs.every((run) => this.#out.has(run.seat.host.name));
    return none ? `no host of the play "${play.name}" is left` : undefined;
  }

  #course(play: CompiledPlay, runs: readonly HostRun[]): Course {
    const apart = new Apart(
      (delegate) => this.#hosts.way(delegate),
      (host, lost) => {
        if (lost) this.#hosts.connections.drop(host);
        runs.find((run) => run.seat.host.name === host)?.touched();
      },
      (event) => this.#tell(event),
    );
    return {
      queue: new PQueue({ concurrency: this.#options.forks }),
      apart,
      tell: (event) => this.#tell(event),
      share: (values) => {
        for (const host of play.hosts) for (const [name, value] of values) this.#hosts.varsOf(host).set(name, value);
      },
      warn: (message, host) => this.#listen({ event: "warning", message, ...(host !== undefined && { host }) }),
      signal: this.#options.signal,
      stepping: this.#stepping,
      ...(play.maxFail !== undefined && { maxFail: play.maxFail }),
    };
  }

  #miss(host: string, why: string): void {
    if (!this.#out.has(host)) this.#missed.set(host, why);
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

  #tell(event: TaskEvent | RetryEvent): void {
    if (event.event === "retry") return this.#listen(event);
    this.#told.set(event.host, (this.#told.get(event.host) ?? 0) + 1);
    this.#tallies.task(event);
    this.#listen(event);
  }

  #recap(): Summary {
    const ended = new Set(this.#options.signal?.aborted ? [] : this.#program.plays.flatMap((p) => p.hosts));
    for (const host of ended) if (!this.#out.has(host) && !this.#missed.has(host)) this.#progress.done(host);
    const hosts = this.#tallies.hosts((host) => this.#hosts.connections.countsOf(host));
    this.#listen({ event: "recap", hosts, seconds: (performance.now() - this.#started) / 1000, check: this.#program.context.check });
    return summaryOf(hosts, this.#options.signal?.aborted === true, this.#missed);
  }
}
