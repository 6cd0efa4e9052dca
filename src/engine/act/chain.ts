import type { Question } from "../../kernel/fact.ts";
import { asLogin, type Identity, type Performed, type Work } from "../../kernel/target.ts";
import type { Seat } from "../compile/unit.ts";
import { throttled } from "../course/throttle.ts";
import { needsAhead } from "../decide/ahead.ts";
import { Knowledge } from "../decide/knowledge.ts";
import { holdUserText, linksOf, ownStepOf, type PlannedLink } from "../decide/links.ts";
import type { UnitOutcome } from "../decide/outcome.ts";
import type { Planned } from "../decide/planned.ts";
import type { Position } from "../decide/position.ts";
import type { Guarding } from "../guard/guarding.ts";
import { cutOff, shellLost } from "../show/wording.ts";
import { type Acting, outcomeOf } from "./acted.ts";
import { doAside } from "./aside.ts";
import type { HostRunOptions, PlacedEvent } from "./hostrunoptions.ts";
import type { Talk } from "./talk.ts";

/** The host on which a chain is performed, and who takes in how each turn of it ended. */
export interface Chain {
  readonly seat: Seat;
  readonly position: Position;
  readonly options: HostRunOptions;
  readonly talk: Talk;
  readonly guarding: Guarding;
  /** Gives the outcome that counts; undefined when the turn is to be tried again. */
  readonly commit: (planned: Planned, outcome: UnitOutcome, events: PlacedEvent[]) => Promise<UnitOutcome | undefined>;
}

/** Performs the chain and, in the same exchange, asks what the last link and the tasks behind it need. */
export async function performChain(
  chain: Chain,
  due: readonly Planned[],
  behind: Position | undefined,
  asked: boolean,
): Promise<PlacedEvent[]> {
  const { seat, options, talk, guarding } = chain;
  const links = linksOf(due, due.find((p) => p.acts)?.guard !== undefined || !asked);
  const first = links[0]?.planned;
  const front = guarding.front(first, due);
  const last = due.findLast((p) => p.acts);
  const identity = first?.unit?.identity ?? asLogin;
  const seen = behind && options.lookahead ? needsAhead(seat, behind, new Knowledge(), "none").of(identity) : undefined;
  const confirm = last?.unit && (last.decision?.verify === undefined || !options.lookahead) ? last.unit.questions : [];
  const ask = new Map([...confirm.map((q) => [q.id, q] as const), ...(seen?.questions ?? [])]);
  options.busy(first?.stop.entry.name ?? "");
  const own = last && ownStepOf(last);
  const work: Work = {
    as: identity,
    lane: holdUserText(due) ? "work" : "control",
    links: [...(front.link ? [front.link] : []), ...links.map((l) => l.link)],
    ask: own ? [] : [...ask.values()],
    settle: new Set(confirm.filter((q) => q.fact.settle).map((q) => q.id)),
    ...(front.timeout !== undefined && { timeout: front.timeout }),
  };
  const performed = await throttled(seat.play, due, async () => {
    const acted = own && isEmpty(work) ? nothingDone(work) : await talk.act(work);
    return own && acted.status !== "refused" ? doAside({ planned: last, step: own, as: identity, acted }, { ...options, talk }) : acted;
  });
  if (performed.status === "refused") return [];
  const events = await takeIn(chain, due, links, front.link ? guarding.took(performed) : performed, identity);
  // The plain twin asks for every task anew, also what it has just asked to prove the one before.
  if (!options.lookahead) talk.forget();
  return events;
}

function isEmpty({ links }: Work): boolean {
  return links.every(({ guard, steps }) => guard.length === 0 && steps.length === 0);
}

function nothingDone({ links }: Work): Acting {
  return { status: "done", links: links.map(() => ({ status: "done", ran: [] })), answers: new Map() };
}

/** Follows the results link by link; stops where the chain stopped. */
async function takeIn(
  chain: Chain,
  due: readonly Planned[],
  links: readonly PlannedLink[],
  performed: Acting,
  identity: Identity,
): Promise<PlacedEvent[]> {
  const { seat, position, options, talk, commit } = chain;
  const events: PlacedEvent[] = [];
  const results = new Map(links.map((l, i) => [l.planned, performed.links[i]]));
  for (const planned of due) {
    const result = results.get(planned);
    if (results.has(planned) && !result) {
      if (performed.status === "lost") await cut(chain, planned, performed, events);
      return events;
    }
    if (result?.status === "moved") return events;
    const after = { lookahead: options.lookahead, performed, ask: (of: readonly Question[]) => talk.askAs(identity, of) };
    const acted = result && planned.acts ? await outcomeOf(seat, position.vars, planned, result, after) : planned.outcome;
    const outcome = await commit(planned, acted, events);
    // A failure that was foreseen is ignored, or nothing stands behind it in the chain.
    const unforeseen = outcome?.status === "failed" && planned.outcome.status !== "failed";
    if (!outcome || (result && (result.status !== "done" || unforeseen))) return events;
  }
  return events;
}

/** The connection or the shell went away while this task was at work. */
async function cut(
  chain: Chain,
  planned: Planned,
  performed: Extract<Performed, { status: "lost" }>,
  events: PlacedEvent[],
): Promise<void> {
  const { talk, commit } = chain;
  if (performed.gone) talk.lose(cutOff(`${performed.why}, during the task "${planned.stop.entry.name}"`));
  else await commit(planned, { ...planned.outcome, status: "failed", message: shellLost(performed.why), changes: [] }, events);
}
