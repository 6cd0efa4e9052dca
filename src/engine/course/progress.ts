import type { HostProgress, Journal, Owed } from "../../kernel/journal.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import type { CompiledPlay, Program } from "../compile/program.ts";
import type { Seat } from "../compile/unit.ts";
import { nextTask } from "../decide/nexttask.ts";
import { mayNotify } from "../decide/owed.ts";
import type { Planned } from "../decide/planned.ts";
import { forkPosition, type Position } from "../decide/position.ts";
import { placeIn } from "./resume.ts";

/** Tells a journal how far the hosts of a run have come. */
export class Progress {
  readonly #journal: Journal | undefined;
  readonly #last = new Map<string, HostProgress>();

  /** A run that changes nothing leaves the journal as it is. */
  constructor(journal: Journal | undefined, program: Program) {
    this.#journal = program.context.check ? undefined : journal;
    if (!this.#journal) return;
    for (const { index, hosts } of program.plays)
      for (const host of hosts) if (!this.#last.has(host)) this.#note(host, { play: index, path: [], task: "", done: false, owed: [] });
  }

  /** Where the host stands; `due`: turns that it is about to do, which may notify handlers. */
  reached(seat: Seat, position: Position, due: readonly Planned[]): void {
    if (!this.#journal) return;
    const { play, host } = seat;
    const next = nextTask(seat, forkPosition(position));
    const path = position.failedAt ?? (next.kind === "end" ? undefined : next.stop.path);
    const place = placeIn(play.play.entries, path);
    const owed = new Set([...position.owed, ...due.flatMap(({ acts, stop, bind }) => (acts ? mayNotify(seat, position, stop, bind) : []))]);
    this.#note(host.name, { play: play.index, ...place, done: false, owed: [...owed].map((h) => owedOf(play, h)) });
  }

  /** A handler has run well on the host. */
  ran({ play, host }: Seat, handler: TaskEntry): void {
    this.#journal?.ran(host.name, owedOf(play, handler));
  }

  /** The host has come to the end of the playbook. */
  done(host: string): void {
    const last = this.#last.get(host);
    if (last) this.#note(host, { ...last, done: true });
  }

  #note(host: string, progress: HostProgress): void {
    this.#last.set(host, progress);
    this.#journal?.note(host, progress);
  }
}

export function owedOf({ index, name }: CompiledPlay, handler: TaskEntry): Owed {
  return { play: index, playName: name, role: handler.inherited.role?.name ?? "", handler: handler.name };
}
