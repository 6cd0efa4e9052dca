import { NoAnswer } from "../../kernel/fact.ts";
import type { Identity, Unreachable } from "../../kernel/target.ts";
import type { Value } from "../../kernel/value.ts";
import type { Seat, TaskStop } from "../compile/unit.ts";
import { isFatal } from "../course/alone.ts";
import { ownStepOf, stretchEndOf } from "../decide/links.ts";
import { type Look, look } from "../decide/look.ts";
import { nextTask } from "../decide/nexttask.ts";
import { failed, type UnitOutcome } from "../decide/outcome.ts";
import { comparePaths, type TaskPath } from "../decide/path.ts";
import { follow, foresee, type Planned } from "../decide/planned.ts";
import type { Position } from "../decide/position.ts";
import { HostGuard } from "../guard/guard.ts";
import { Guarding } from "../guard/guarding.ts";
import { type Chain, performChain } from "./chain.ts";
import type { AskedAhead, HostRunOptions, PlacedEvent } from "./hostrunoptions.ts";
import { Talk } from "./talk.ts";
import { Waiting } from "./waiting.ts";

/** One host on its way through one play. */
export class HostRun {
  readonly seat: Seat;
  readonly position: Position;
  readonly #options: HostRunOptions;
  readonly #talk: Talk;
  readonly #guarding: Guarding;
  #gathering: boolean;
  /** False as long as it goes by answers that it was given: they are guarded in front of the first step, too. */
  #asked = false;
  #askFirst: readonly AskedAhead[];
  #look: Look | undefined;
  /** Lost while it acted: told behind what it did before. */
  #loss: Unreachable | undefined;
  #acting = false;
  readonly #waiting: Waiting;

  constructor(seat: Seat, position: Position, options: HostRunOptions, waiting = new Waiting(seat, position, options)) {
    this.seat = seat;
    this.position = position;
    this.#options = options;
    this.#talk = new Talk(options.connect, (gone) => this.#guarding.takes(gone) || this.#lose(gone), options.knowledge, options.locking);
    this.#guarding = new Guarding(seat, position, new HostGuard(options.reconnect), this.#talk, options.adopt);
    this.#waiting = waiting;
    this.#gathering = options.gatherAs !== undefined;
    this.#askFirst = options.ahead;
  }

  /** The host is out of the run. */
  get gone(): boolean {
    return this.#talk.gone && !this.#guarding.broken;
  }

  /** Inside a guarded block that was neither proved nor put back: seconds until the host does that by itself. */
  get unproved(): number | undefined {
    return this.#guarding.unproved;
  }

  /** The end of the present stretch, beside other hosts; `watched`: turns behind which it is to be seen whether they failed. */
  stretchEnd(watched: (planned: Planned) => boolean): TaskPath | undefined {
    return stretchEndOf(this.#look?.planned ?? [], watched);
  }

  /** Next comes this task, which is done alone. */
  get nextAlone(): TaskStop | undefined {
    return this.#look?.alone;
  }

  /** The same host on its way through one turn of such a task. */
  alone(way: Partial<HostRunOptions>): HostRun {
    const one = { lookahead: false, longest: 1, together: false, gatherAs: undefined, ahead: [] };
    return new HostRun(this.seat, this.position, { ...this.#options, ...one, ...way }, this.#waiting);
  }

  /** What was decided does not count any more: its ground may have moved. `others`: something was done on another host. */
  forgetPlan(others = false): void {
    this.#look = undefined;
    if (others) this.#talk.knowledge.forgetOpen();
  }

  /** Something was done on the host that is not its own task. */
  touched(): void {
    this.#look = undefined;
    this.#talk.reachAgain();
  }

  /** The host is out of the run; told by `tellLoss`. */
  drop(gone: Unreachable): void {
    this.#acting = true;
    this.#talk.lose(gone);
    this.#acting = false;
  }

  /** A connection was there. */
  get reached(): boolean {
    return this.#talk.kept !== undefined;
  }

  /** Decides as far as possible, asking what it takes; undefined when the host has nothing more to do in this play. */
  async prepare(): Promise<readonly Planned[] | undefined> {
    if (await this.#waiting.over()) this.#talk.forget();
    while (!this.#talk.gone) {
      const { lookahead, longest, together } = this.#options;
      const options = { lookahead, longest, gathering: this.#gathering, together };
      this.#look ??= look(this.seat, this.position, this.#talk.knowledge, options);
      const { planned, needs } = this.#look;
      const isOver = (): boolean => this.position.ended || nextTask(this.seat, this.position).kind === "end";
      const gather = this.#gathering && !isOver() ? this.#options.gatherAs : undefined;
      if (gather && this.#gathered(gather)) {
        this.#look = undefined;
        continue;
      }
      if (gather) needs.add(gather, [this.seat.context.gather.question]);
      if (needs.empty) {
        if (planned.length > 0 || this.#look.alone) return planned;
        this.#options.busy("");
        return undefined;
      }
      for (const { as, question } of this.#askFirst) {
        const need = needs.byIdentity.get(as);
        if (need && this.#talk.knowledge.answer(need.identity, question) === undefined) need.questions.set(question.id, question);
      }
      this.#askFirst = [];
      this.#look = undefined;
      this.#options.busy("asking");
      this.#asked = true;
      await this.#talk.ask(needs);
    }
    const broken = this.#guarding.brokenTurn;
    return broken && [broken];
  }

  /** Does what was planned up to that place. `tellLoss` is to be called when the events were told. */
  async perform(bound: TaskPath | undefined): Promise<PlacedEvent[]> {
    this.#acting = true;
    try {
      return await this.#perform(bound);
    } finally {
      this.#acting = false;
      // Lost in the midst of a chain: what that may have notified stays owed.
      if (!this.gone) this.#options.reached(this.position, []);
    }
  }

  /** Tells that the host was lost while it acted. */
  tellLoss(): void {
    const loss = this.#loss;
    this.#loss = undefined;
    if (loss) this.#options.lost(loss);
  }

  #lose(gone: Unreachable): void {
    if (this.#acting) this.#loss = gone;
    else this.#options.lost(gone);
  }

  async #perform(bound: TaskPath | undefined): Promise<PlacedEvent[]> {
    const current = this.#look;
    const broken = this.#guarding.brokenTurn;
    if (broken || !current || this.gone) return broken ? this.#recover(broken) : [];
    const due = current.planned.filter((p) => !bound || comparePaths(p.stop.path, bound) <= 0);
    if (due.length === 0) return [];
    this.#look = undefined;
    const forbidden = this.#options.watch?.forbids?.(this.seat, this.position, due);
    const first = due[0];
    if (forbidden?.index === 0 && first) return this.#stop(first, forbidden.why);
    if (forbidden) due.splice(forbidden.index);
    const proof = due.find((p) => p.proves);
    if (proof) return this.#prove(proof, due);
    if (!due.some((p) => p.acts)) return this.#commitAll(due);
    if (!this.#talk.isFresh) {
      this.#talk.forget();
      return [];
    }
    const asked = this.#asked;
    this.#asked = true;
    const behind = due.length === current.planned.length ? current.behind : undefined;
    const parts = { seat: this.seat, position: this.position, options: this.#options, talk: this.#talk, guarding: this.#guarding };
    const commit = (turn: Planned, outcome: UnitOutcome, events: PlacedEvent[]): ReturnType<Chain["commit"]> =>
      this.#commit(turn, outcome, events);
    this.#options.reached(this.position, due);
    if (due.some((p) => p.acts && ownStepOf(p)?.do === "return")) this.#gathering = this.#options.gatherAs !== undefined;
    return performChain({ ...parts, commit }, due, behind, asked);
  }

  /** Takes the facts of the host in, when they were answered. */
  #gathered(identity: Identity): boolean {
    const facts = this.#talk.knowledge.answer(identity, this.seat.context.gather.question);
    if (facts === undefined || this.gone) return false;
    this.#gathering = false;
    if (!(facts instanceof NoAnswer)) this.position.vars.set("facts", facts as Value);
    else this.#talk.lose({ unreachable: `the facts of the host could not be gathered: ${facts.why}`, help: "see: rempart doctor" });
    return true;
  }

  /** Nothing acts: what was decided is what happened, or in check mode what would. */
  async #commitAll(due: readonly Planned[]): Promise<PlacedEvent[]> {
    const events: PlacedEvent[] = [];
    for (const planned of due) {
      if (!(await this.#commit(planned, planned.outcome, events))) return events;
      foresee(this.seat, this.#talk.knowledge, planned);
    }
    return events;
  }

  /** At the end of a guarded block: what was decided in it and does nothing, then the proof. */
  async #prove(proof: Planned, due: readonly Planned[]): Promise<PlacedEvent[]> {
    const events = await this.#commitAll(due.filter((p) => p !== proof));
    this.#options.busy(proof.stop.entry.name);
    if (this.position.guard?.armed && proof.proves) await this.#commit(proof, await this.#guarding.prove(proof.proves, proof), events);
    return events;
  }

  async #recover(turn: Planned): Promise<PlacedEvent[]> {
    const events: PlacedEvent[] = [];
    this.#look = undefined;
    this.#options.busy(turn.stop.entry.name);
    await this.#commit(turn, await this.#guarding.recover(turn), events);
    return events;
  }

  /** What may not be done ends the host: nothing rescues it, and nothing comes after it. */
  async #stop(planned: Planned, why: string): Promise<PlacedEvent[]> {
    const events: PlacedEvent[] = [];
    await this.#commit({ ...planned, last: true, acts: false }, failed(why, planned.item), events);
    this.position.failed = true;
    this.position.ended = true;
    return events.map(({ path, event }) => {
      if (event.event === "retry") return { path, event };
      const { ignored: _, ...final } = event;
      return { path, event: final };
    });
  }

  /** Undefined when it is to be tried again. */
  async #commit(planned: Planned, expected: UnitOutcome, events: PlacedEvent[]): Promise<UnitOutcome | undefined> {
    nextTask(this.seat, this.position);
    const judged = this.#waiting.judged(planned, expected, events);
    if (!judged) return undefined;
    const outcome = await this.#guarding.settled(planned, judged);
    const over = this.#options.watch?.over(this.seat, this.position, planned, outcome);
    const fatal = outcome.status === "failed" && isFatal(this.seat, this.position, planned.stop);
    const event = follow(this.seat, this.position, planned, outcome);
    this.#guarding.followed();
    this.#waiting.paused(planned, outcome);
    over?.(event);
    if (event && planned.stop.handler && !this.position.owed.has(planned.stop.entry)) this.#options.ran(planned.stop.entry);
    if (event) events.push({ path: planned.stop.path, event, ...(fatal && !event.ignored && { fatal }) });
    return outcome;
  }
}
