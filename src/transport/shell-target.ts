import type { Counts } from "../kernel/counts.ts";
import { NoAnswer, type Question } from "../kernel/fact.ts";
import type { Step } from "../kernel/step.ts";
import type { LinkResult, Performed, Target, Work } from "../kernel/target.ts";
import { type Bounds, usualBounds } from "./bounds.ts";
import type { Line } from "./channel.ts";
import type { NotEntered } from "./enter.ts";
import { Exchange, type Exchanged } from "./exchange.ts";
import { type Surroundings, usualSurroundings } from "./frame.ts";
import { readGroup } from "./groups.ts";
import { Lanes } from "./lanes.ts";
import { type LockSaid, lockedOut } from "./lock.ts";
import { linkResults, type Overdue } from "./outcome.ts";
import type { AskGroup } from "./script.ts";
import type { Staged } from "./staging.ts";

export interface TargetOptions {
  readonly surroundings?: Surroundings;
  readonly bounds?: Partial<Bounds>;
}

/** A target with a POSIX shell, behind whatever line. */
export class ShellTarget implements Target {
  readonly #line: Line;
  readonly #lanes: Lanes;
  readonly #exchange: Exchange;

  constructor(line: Line, options: TargetOptions = {}) {
    const bounds = { ...usualBounds, ...options.bounds };
    this.#line = line;
    const surroundings = options.surroundings ?? usualSurroundings;
    this.#lanes = new Lanes(line, surroundings, bounds.open);
    this.#exchange = new Exchange(line, this.#lanes, bounds, surroundings.runFolder);
  }

  get counts(): Counts {
    const { roundTrips, processes } = this.#exchange;
    return { roundTrips, processes, bytesSent: this.#line.sent, bytesReceived: this.#line.received };
  }

  perform(work: Work): Promise<Performed> {
    return this.#lanes.inTurn(work.as, work.lane, () => this.#perform(work));
  }

  async close(): Promise<void> {
    await this.#exchange.abandon();
    this.#lanes.endAll();
    await this.#line.close();
  }

  async #perform(work: Work): Promise<Performed> {
    const until = work.timeout === undefined ? undefined : performance.now() + work.timeout * 1000;
    const staged = await this.#exchange.stage(work, until);
    if ("status" in staged) return notEntered(staged);
    const done = await this.#exchange.run(work, staged, until);
    if ("status" in done) return notEntered(done);
    const { lock } = done.transcript;
    if (lock?.status === "held") return { status: "refused", ...lockedOut(lock.by) };
    const links = linkResults(done.script, done.transcript, overdueStep(done));
    if (!done.transcript.linked) return stopped(done, links, work);
    const got = new Map<string, unknown>();
    const gone = await this.#answer(work, done, got, until, 0);
    if (gone !== undefined) return { status: "lost", why: gone, gone: true, links };
    return { status: "done", links, answers: new Map(work.ask.map((q) => [q.id, got.get(q.id)])), ...lockNote(lock) };
  }

  /** Takes the answers in and asks again for those that did not come. Text when the host is gone. */
  async #answer(
    work: Work,
    done: Exchanged,
    answers: Map<string, unknown>,
    until: number | undefined,
    depth: number,
  ): Promise<string | undefined> {
    if (done.gone !== undefined && !done.transcript.finished) return done.gone;
    const left: Question[] = [];
    let hung: readonly Question[] = [];
    const late = done.overdue && done.transcript.linked ? lateGroup(done) : undefined;
    done.script.asks.forEach((group, i) => {
      const told = done.transcript.answers.get(i);
      const text = told?.text;
      if (text) for (const [id, value] of readGroup(group, text)) answers.set(id, value);
      else if ((told && !told.whole) || group === late) hung = group.questions;
      else left.push(...group.questions);
    });
    const rounds = hung.length > 1 ? hung.map((q) => [q]) : [];
    for (const q of hung.length === 1 ? hung : []) answers.set(q.id, new NoAnswer(whyUnanswered(done)));
    if (left.length > 0) rounds.push(left);
    const [first] = hung;
    if (rounds.length > 0 && !first && depth > 2) {
      for (const q of left) answers.set(q.id, new NoAnswer("the target gave no answer that can be read"));
      return undefined;
    }
    for (const ask of rounds) {
      const again = await this.#exchange.run({ ...work, links: [], ask }, new Map<Step, Staged>(), until);
      if ("status" in again) return again.why;
      const gone = await this.#answer(work, again, answers, until, depth + 1);
      if (gone !== undefined) return gone;
    }
    return undefined;
  }
}

/** What was asked when the bound was over: an answer that is told when it is whole has not been begun. */
function lateGroup({ script, transcript }: Exchanged): AskGroup | undefined {
  return [...transcript.answers.values()].every((told) => told.whole) ? script.asks[transcript.answers.size] : undefined;
}

function lockNote(lock: LockSaid | undefined): Pick<Extract<Performed, { status: "done" }>, "lockedBy" | "unlocked"> {
  return lock?.status === "seen" ? { lockedBy: lock.by } : lock?.status === "none" ? { unlocked: true } : {};
}

function notEntered(why: NotEntered): Performed {
  if (why.status === "refused") return { status: "refused", why: why.why, help: why.help };
  return { status: "lost", why: why.why, gone: true, links: [] };
}

function overdueStep({ overdue }: Exchanged): Overdue | undefined {
  return overdue?.step === undefined ? undefined : { step: overdue.step, seconds: overdue.seconds };
}

/** The links did not all end: they stopped for a reason of theirs, or the shell died under them. */
function stopped(done: Exchanged, links: readonly LinkResult[], work: Work): Performed {
  const last = links.at(-1);
  if (last && last.status !== "done") return { status: "done", links, answers: new Map() };
  const said = done.transcript.complaints.text().trim().split("\n").at(-1) ?? "";
  const what = done.overdue ? `the target did not answer within ${done.overdue.seconds} s` : done.why;
  return {
    status: "lost",
    why: said === "" ? what : `${what}: ${said}`,
    gone: done.gone !== undefined,
    links: links.slice(0, work.links.length),
  };
}

function whyUnanswered({ overdue, why }: Exchanged): string {
  return overdue ? `it did not answer within ${overdue.seconds} s` : why;
}
