import type { TaskEvent } from "../kernel/event.ts";
import { NoAnswer, type Question } from "../kernel/fact.ts";
import { asLogin, type Identity, type LinkResult, type Performed, type Target, type Unreachable } from "../kernel/target.ts";
import type { Value } from "../kernel/value.ts";
import { needsAhead } from "./ahead.ts";
import { leftToDo } from "./decide.ts";
import { Knowledge } from "./knowledge.ts";
import { holdUserText, linksOf, type PlannedLink } from "./links.ts";
import type { Locking } from "./locking.ts";
import { type Look, look } from "./look.ts";
import { nextTask } from "./nexttask.ts";
import { type Acted, conclude, failed, type UnitOutcome } from "./outcome.ts";
import { comparePaths, type TaskPath } from "./path.ts";
import { follow, type Planned } from "./planned.ts";
import type { Position } from "./position.ts";
import { Talk } from "./talk.ts";
import type { TurnWatch } from "./turnwatch.ts";
import type { Seat } from "./unit.ts";
import { cutOff, didNotConverge, shellLost } from "./wording.ts";

export interface HostRunOptions {
  readonly lookahead: boolean;
  /** Who gathers the facts, undefined when they are not wanted. */
  readonly gatherAs: Identity | undefined;
  readonly connect: () => Promise<Target | Unreachable>;
  /** Told what the host is busy with. */
  readonly busy: (doing: string) => void;
  /** One run at a time per host; undefined: nothing is locked. */
  readonly locking?: Locking;
  /** Looks on, and may stop the host before it acts. */
  readonly watch?: TurnWatch;
  /** Asked with the first questions. */
  readonly ahead: readonly AskedAhead[];
  /** Told once when the host is out of the run. */
  readonly lost: (gone: Unreachable) => void;
}

/** A question that is to be asked, and who asks it, as `identityKey` says. */
export interface AskedAhead {
  readonly as: string;
  readonly question: Question;
}

/** An event with the place where it belongs, so that the events of several hosts can be put in order. */
export interface PlacedEvent {
  readonly path: TaskPath;
  readonly event: TaskEvent;
}

/** One host on its way through one play. */
export class HostRun {
  readonly seat: Seat;
  readonly position: Position;
  readonly #options: HostRunOptions;
  readonly #talk: Talk;
  #gathering: boolean;
  #disturbed: string | undefined;
  #askFirst: readonly AskedAhead[];
  #look: Look | undefined;

  constructor(seat: Seat, position: Position, options: HostRunOptions) {
    this.seat = seat;
    this.position = position;
    this.#options = options;
    this.#talk = new Talk(options.connect, options.lost, options.locking);
    this.#gathering = options.gatherAs !== undefined;
    this.#askFirst = options.ahead;
  }

  /** The host is out of the run. */
  get gone(): boolean {
    return this.#talk.gone;
  }

  /** The end of the present stretch, beside other hosts: a step of unknown effect does not go together with what stands before it. */
  get stretchEnd(): TaskPath | undefined {
    const planned = this.#look?.planned ?? [];
    const unsure = planned.find((p) => p.acts && p.decision?.verify === undefined)?.stop.path;
    const before = unsure ? planned.filter((p) => comparePaths(p.stop.path, unsure) < 0) : [];
    return before.some((p) => p.acts) ? before.at(-1)?.stop.path : planned.at(-1)?.stop.path;
  }

  /** Decides as far as possible, asking what it takes; undefined when the host has nothing more to do in this play. */
  async prepare(): Promise<readonly Planned[] | undefined> {
    while (!this.gone) {
      const options = { lookahead: this.#options.lookahead, gathering: this.#gathering };
      this.#look ??= look(this.seat, this.position, this.#talk.knowledge, options, this.#disturbed);
      const { planned, needs } = this.#look;
      const gather = this.#gathering && !this.#isOver() ? this.#options.gatherAs : undefined;
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
      await this.#talk.ask(needs);
      if (gather) this.#gathered(gather);
    }
    return undefined;
  }

  /** Does what was planned up to that place. */
  async perform(bound: TaskPath | undefined): Promise<PlacedEvent[]> {
    const current = this.#look;
    if (!current || this.gone) return [];
    const due = current.planned.filter((p) => !bound || comparePaths(p.stop.path, bound) <= 0);
    if (due.length === 0) return [];
    this.#look = undefined;
    const forbidden = this.#options.watch?.forbids?.(this.seat, this.position, due);
    const first = due[0];
    if (forbidden?.index === 0 && first) return this.#stop(first, forbidden.why);
    if (forbidden) due.splice(forbidden.index);
    if (!due.some((p) => p.acts)) return this.#commitAll(due);
    if (!this.#talk.isFresh) {
      this.#talk.forget();
      return [];
    }
    return this.#act(due, due.length === current.planned.length ? current.behind : undefined);
  }

  #isOver(): boolean {
    return this.position.ended || nextTask(this.seat, this.position).kind === "end";
  }

  #gathered(identity: Identity): void {
    const facts = this.#talk.knowledge.answer(identity, this.seat.context.gather.question);
    if (facts === undefined || this.gone) return;
    this.#gathering = false;
    if (!(facts instanceof NoAnswer)) this.position.vars.set("facts", facts as Value);
    else this.#talk.lose({ unreachable: `the facts of the host could not be gathered: ${facts.why}`, help: "see: rempart doctor" });
  }

  /** Nothing acts: what was decided is what happened, or in check mode what would. */
  #commitAll(due: readonly Planned[]): PlacedEvent[] {
    const events: PlacedEvent[] = [];
    for (const planned of due) {
      this.#commit(planned, planned.outcome, events);
      const changes = planned.decision?.changes ?? [];
      if (!this.seat.context.check || changes.length === 0) continue;
      this.#talk.knowledge.predict(
        changes.flatMap((c) => c.predicts),
        planned.stop.entry.name,
      );
      if (changes.some((c) => c.opaque)) this.#disturbed = planned.stop.entry.name;
    }
    return events;
  }

  /** What may not be done ends the host: nothing rescues it, and nothing comes after it. */
  #stop(planned: Planned, why: string): PlacedEvent[] {
    const events: PlacedEvent[] = [];
    this.#commit({ ...planned, last: true, acts: false }, failed(why, planned.item), events);
    this.position.failed = true;
    this.position.ended = true;
    return events.map(({ path, event }) => {
      const { ignored: _, ...final } = event;
      return { path, event: final };
    });
  }

  #commit(planned: Planned, outcome: UnitOutcome, events: PlacedEvent[]): void {
    nextTask(this.seat, this.position);
    const over = this.#options.watch?.over(this.seat, this.position, planned, outcome);
    const event = follow(this.seat, this.position, planned, outcome);
    over?.(event);
    if (event) events.push({ path: planned.stop.path, event });
  }

  /** Performs the chain and, in the same exchange, asks what the last link and the tasks behind it need. */
  async #act(due: readonly Planned[], behind: Position | undefined): Promise<PlacedEvent[]> {
    const links = linksOf(due);
    const first = links[0]?.planned;
    const last = due.findLast((p) => p.acts);
    const identity = first?.unit?.identity ?? asLogin;
    const confirm = last?.unit && (last.decision?.verify === undefined || !this.#options.lookahead) ? last.unit.questions : [];
    const ask = new Map([...confirm.map((q) => [q.id, q] as const), ...this.#ahead(behind, identity)]);
    this.#options.busy(first?.stop.entry.name ?? "");
    const performed = await this.#talk.act({
      as: identity,
      lane: holdUserText(due) ? "work" : "control",
      links: links.map((l) => l.link),
      ask: [...ask.values()],
      settle: new Set(confirm.filter((q) => q.fact.settle).map((q) => q.id)),
    });
    return performed.status === "refused" ? [] : this.#takeIn(due, links, performed, identity);
  }

  #ahead(behind: Position | undefined, identity: Identity): ReadonlyMap<string, Question> {
    if (!behind || !this.#options.lookahead) return new Map();
    return needsAhead(this.seat, behind, new Knowledge(), false).of(identity)?.questions ?? new Map();
  }

  /** Follows the results link by link; stops where the chain stopped. */
  async #takeIn(due: readonly Planned[], links: readonly PlannedLink[], performed: Acting, identity: Identity): Promise<PlacedEvent[]> {
    const events: PlacedEvent[] = [];
    const results = new Map(links.map((l, i) => [l.planned, performed.links[i]]));
    for (const planned of due) {
      const result = results.get(planned);
      if (results.has(planned) && !result) {
        if (performed.status === "lost") this.#cut(planned, performed, events);
        return events;
      }
      if (result?.status === "moved") return events;
      const outcome = result && planned.acts ? await this.#outcomeOf(planned, result, performed, identity) : planned.outcome;
      this.#commit(planned, outcome, events);
      if (result && (result.status !== "done" || outcome.status === "failed")) return events;
    }
    return events;
  }

  /** The connection or the shell went away while this task was at work. */
  #cut(planned: Planned, performed: Extract<Performed, { status: "lost" }>, events: PlacedEvent[]): void {
    if (performed.gone) this.#talk.lose(cutOff(`${performed.why}, during the task "${planned.stop.entry.name}"`));
    else this.#commit(planned, { ...planned.outcome, status: "failed", message: shellLost(performed.why), changes: [] }, events);
  }

  async #outcomeOf(planned: Planned, result: LinkResult, performed: Acting, identity: Identity): Promise<UnitOutcome> {
    const { unit, decision, stop, bind, item } = planned;
    if (!unit || !decision || result.status === "moved") return planned.outcome;
    const acted = await this.#acted(unit, decision, result, performed, identity);
    return conclude(this.seat, stop, bind, this.position.vars, unit, decision, acted, item);
  }

  /** What the steps of a link led to: as predicted and proved in the chain, or as the answers say that were asked behind it. */
  async #acted(
    unit: NonNullable<Planned["unit"]>,
    decision: NonNullable<Planned["decision"]>,
    result: Exclude<LinkResult, { status: "moved" }>,
    performed: Acting,
    identity: Identity,
  ): Promise<Acted> {
    const { ran } = result;
    if (result.status === "failed") return { after: decision.before, ran, failure: result.why };
    if (result.status === "done" && decision.verify !== undefined && this.#options.lookahead) return { after: decision.after, ran };
    const asked = performed.status === "done" && result.status === "done";
    const answers = asked ? performed.answers : await this.#talk.askAs(identity, unit.questions);
    const silent = new NoAnswer("the target gave no answer");
    const after = new Map(unit.questions.map((q) => [q.id, answers.has(q.id) ? answers.get(q.id) : silent]));
    if (unit.prepared.kind !== "state") return { after, ran };
    const left = leftToDo(unit, after);
    if ("refused" in left) return { after, ran, failure: left.refused };
    const rest = left.changes.filter((c) => !c.pending);
    return { after, ran, ...(rest.length > 0 && { failure: didNotConverge(rest) }) };
  }
}

type Acting = Exclude<Performed, { status: "refused" }>;
