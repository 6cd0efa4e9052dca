import { NoAnswer, type Question } from "../../kernel/fact.ts";
import { type Identity, identityKey, type Performed, type Target, type Unreachable, type Work } from "../../kernel/target.ts";
import type { Knowledge } from "../decide/knowledge.ts";
import type { Needs } from "../decide/needs.ts";
import { cutOff } from "../show/wording.ts";
import type { Locking } from "./locking.ts";

/** Answers older than this are asked again before anything is done on them. Milliseconds. */
const fresh = 30_000;

const silence = "the target gave no answer";

/** The exchanges with one host in one play: its connection, and what is known of it. */
export class Talk {
  readonly knowledge: Knowledge;
  /** The host is out of the run. */
  gone = false;
  readonly #connect: () => Promise<Target | Unreachable>;
  readonly #lost: (gone: Unreachable) => void;
  #target: Target | undefined;
  readonly #locking: Locking | undefined;

  constructor(connect: () => Promise<Target | Unreachable>, lost: (gone: Unreachable) => void, knowledge: Knowledge, locking?: Locking) {
    this.knowledge = knowledge;
    this.#connect = connect;
    this.#lost = lost;
    this.#locking = locking;
  }

  get isFresh(): boolean {
    return Date.now() - this.knowledge.askedAt <= fresh;
  }

  /** Asks everything that is needed, everybody's questions at the same time. */
  async ask(needs: Needs): Promise<void> {
    await Promise.all([...needs.byIdentity.values()].map(({ identity, questions }) => this.askAs(identity, [...questions.values()])));
    this.knowledge.askedAt = Date.now();
  }

  /** Asks, and gives the answers; a question without one is answered by why. */
  async askAs(identity: Identity, questions: readonly Question[]): Promise<ReadonlyMap<string, unknown>> {
    const lane = questions.some((q) => q.fact.runsUserText) ? "work" : "control";
    const performed = await this.#perform({ as: identity, lane, links: [], ask: questions });
    if (performed.status === "done") return this.learn(identity, questions, performed.answers);
    return this.learn(identity, questions, new Map(), performed.why);
  }

  /** Acts. After that nothing observed before counts. */
  async act(work: Work): Promise<Performed> {
    this.knowledge.isUntouched = false;
    const performed = await this.#perform(work);
    this.forget();
    if (performed.status === "done" && performed.answers.size > 0) this.learn(work.as, work.ask, performed.answers);
    return performed;
  }

  /** Lets all answers go. What is then not asked again stands on nothing old, so it is fresh: else it would be put off for ever. */
  forget(): void {
    this.knowledge.forgetAnswers();
    this.knowledge.askedAt = Date.now();
  }

  learn(
    identity: Identity,
    asked: readonly Question[],
    answers: ReadonlyMap<string, unknown>,
    why = silence,
  ): ReadonlyMap<string, unknown> {
    const all = new Map(asked.map(({ id }) => [id, answers.has(id) ? answers.get(id) : new NoAnswer(why)]));
    this.knowledge.learn(identityKey(identity), new Map(asked.map((q) => [q, all.get(q.id)])));
    return all;
  }

  /** Another one had to do with the host: nothing observed counts, and the connection may be another one. */
  reachAgain(): void {
    this.#target = undefined;
    this.forget();
  }

  /** The connection in use. */
  get kept(): Target | undefined {
    return this.#target;
  }

  /** The host is back in the run, over another connection where one is given. */
  revive(target: Target | undefined): void {
    this.gone = false;
    this.#target = target ?? this.#target;
    this.forget();
  }

  lose(gone: Unreachable): void {
    if (this.gone) return;
    this.gone = true;
    this.#lost(gone);
  }

  async #perform(work: Work): Promise<Performed> {
    this.#target ??= await this.#reach();
    if (!this.#target) return { status: "lost", why: "the host could not be reached", gone: true, links: [] };
    const performed = await (this.#locking?.perform(this.#target, work) ?? this.#target.perform(work));
    if (performed.status === "refused") this.lose({ unreachable: performed.why, help: performed.help });
    // What was under way is told by whoever knows it; here it was only questions.
    else if (performed.status === "lost" && performed.gone && work.links.length === 0) this.lose(cutOff(performed.why));
    return performed;
  }

  async #reach(): Promise<Target | undefined> {
    const reached = await this.#connect();
    if (!("unreachable" in reached)) return reached;
    this.lose(reached);
    return undefined;
  }
}
