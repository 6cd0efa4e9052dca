import { NoAnswer, type Question } from "../kernel/fact.ts";
import { asLogin, type Identity, type Performed, type Unreachable } from "../kernel/target.ts";
import type { Value } from "../kernel/value.ts";
import { type Acting, outcomeOf } from "./acted.ts";
import { needsAhead } from "./ahead.ts";
import { HostGuard } from "./guard.ts";
import { Guarding } from "./guarding.ts";
import type { AskedAhead, HostRunOptions, PlacedEvent } from "./hostrunoptions.ts";
import { Knowledge } from "./knowledge.ts";
import { holdUserText, linksOf, type PlannedLink, stretchEndOf } from "./links.ts";
import { type Look, look } from "./look.ts";
import { nextTask } from "./nexttask.ts";
import { failed, type UnitOutcome } from "./outcome.ts";
import { comparePaths, type TaskPath } from "./path.ts";
import { follow, foresee, type Planned } from "./planned.ts";
import type { Position } from "./position.ts";
import { Talk } from "./talk.ts";
import type { Seat } from "./unit.ts";
import { cutOff, shellLost } from "./wording.ts";

export type { AskedAhead, PlacedEvent } from "./hostrunoptions.ts";

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

  constructor(seat: Seat, position: Position, options: HostRunOptions) {
    this.seat = seat;
    this.position = position;
    this.#options = options;
    this.#talk = new Talk(options.connect, (gone) => this.#guarding.takes(gone) || this.#lose(gone), options.knowledge, options.locking);
    this.#guarding = new Guarding(seat, position, new HostGuard(options.reconnect), this.#talk, options.adopt);
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

  /** The end of the present stretch, beside other hosts. */
  get stretchEnd(): TaskPath | undefined {
    return stretchEndOf(this.#look?.planned ?? []);
  }

  /** Decides as far as possible, asking what it takes; undefined when the host has nothing more to do in this play. */
  async prepare(): Promise<readonly Planned[] | undefined> {
    while (!this.#talk.gone) {
      const options = { lookahead: this.#options.lookahead, longest: this.#options.longest, gathering: this.#gathering };
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
        if (planned.length > 0) return planned;
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
    if (broken) return this.#recover(broken);
    if (!current || this.gone) return [];
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
    return this.#act(due, due.length === current.planned.length ? current.behind : undefined);
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
      await this.#commit(planned, planned.outcome, events);
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
      const { ignored: _, ...final } = event;
      return { path, event: final };
    });
  }

  async #commit(planned: Planned, expected: UnitOutcome, events: PlacedEvent[]): Promise<void> {
    nextTask(this.seat, this.position);
    const outcome = await this.#guarding.settled(planned, expected);
    const over = this.#options.watch?.over(this.seat, this.position, planned, outcome);
    const event = follow(this.seat, this.position, planned, outcome);
    this.#guarding.followed();
    over?.(event);
    if (event) events.push({ path: planned.stop.path, event });
  }

  /** Performs the chain and, in the same exchange, asks what the last link and the tasks behind it need. */
  async #act(due: readonly Planned[], behind: Position | undefined): Promise<PlacedEvent[]> {
    const links = linksOf(due, due.find((p) => p.acts)?.guard !== undefined || !this.#asked);
    this.#asked = true;
    const first = links[0]?.planned;
    const front = this.#guarding.front(first, due);
    const last = due.findLast((p) => p.acts);
    const identity = first?.unit?.identity ?? asLogin;
    const seen = behind && this.#options.lookahead ? needsAhead(this.seat, behind, new Knowledge(), false).of(identity) : undefined;
    const confirm = last?.unit && (last.decision?.verify === undefined || !this.#options.lookahead) ? last.unit.questions : [];
    const ask = new Map([...confirm.map((q) => [q.id, q] as const), ...(seen?.questions ?? [])]);
    this.#options.busy(first?.stop.entry.name ?? "");
    const performed = await this.#talk.act({
      as: identity,
      lane: holdUserText(due) ? "work" : "control",
      links: [...(front.link ? [front.link] : []), ...links.map((l) => l.link)],
      ask: [...ask.values()],
      settle: new Set(confirm.filter((q) => q.fact.settle).map((q) => q.id)),
      ...(front.timeout !== undefined && { timeout: front.timeout }),
    });
    if (performed.status === "refused") return [];
    const events = await this.#takeIn(due, links, front.link ? this.#guarding.took(performed) : performed, identity);
    // The plain twin asks for every task anew, also what it has just asked to prove the one before.
    if (!this.#options.lookahead) this.#talk.forget();
    return events;
  }

  /** Follows the results link by link; stops where the chain stopped. */
  async #takeIn(due: readonly Planned[], links: readonly PlannedLink[], performed: Acting, identity: Identity): Promise<PlacedEvent[]> {
    const events: PlacedEvent[] = [];
    const results = new Map(links.map((l, i) => [l.planned, performed.links[i]]));
    for (const planned of due) {
      const result = results.get(planned);
      if (results.has(planned) && !result) {
        if (performed.status === "lost") await this.#cut(planned, performed, events);
        return events;
      }
      if (result?.status === "moved") return events;
      const after = { lookahead: this.#options.lookahead, performed, ask: (of: readonly Question[]) => this.#talk.askAs(identity, of) };
      const outcome = result && planned.acts ? await outcomeOf(this.seat, this.position.vars, planned, result, after) : planned.outcome;
      await this.#commit(planned, outcome, events);
      if (result && (result.status !== "done" || outcome.status === "failed")) return events;
    }
    return events;
  }

  /** The connection or the shell went away while this task was at work. */
  async #cut(planned: Planned, performed: Extract<Performed, { status: "lost" }>, events: PlacedEvent[]): Promise<void> {
    if (performed.gone) this.#talk.lose(cutOff(`${performed.why}, during the task "${planned.stop.entry.name}"`));
    else await this.#commit(planned, { ...planned.outcome, status: "failed", message: shellLost(performed.why), changes: [] }, events);
  }
}
