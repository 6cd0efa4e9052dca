import PQueue from "p-queue";
import { Refused } from "../../kernel/diagnostic.ts";
import type { RetryEvent } from "../../kernel/event.ts";
import { Unknown } from "../../kernel/value.ts";
import type { HostRun } from "../act/hostrun.ts";
import type { HostRunOptions, PlacedEvent, PlacedRetry, PlacedTask } from "../act/hostrunoptions.ts";
import { turn } from "../compile/loop.ts";
import { NoTurns, turnsOf } from "../compile/turns.ts";
import { gate, type TaskStop } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import { lostDelegate } from "../show/wording.ts";
import { type Delegate, delegateOf } from "./delegate.ts";

/** What leads to a host that a task is delegated to. */
export type WayTo = Pick<HostRunOptions, "connect" | "reconnect" | "adopt" | "knowledge"> & Pick<Partial<HostRunOptions>, "locking">;

/** What a task that was done alone came to. */
export interface DoneApart {
  /** Empty when the host was lost. */
  readonly events: readonly PlacedTask[];
  /** The host was lost while it was at work: what was done is not known. */
  readonly cut: boolean;
}

/** Leads a host through one task that is done alone: asked, decided, done and proved by itself, turn by turn. */
export class Apart {
  readonly #way: (delegate: Delegate) => WayTo;
  readonly #touched: (host: string, lost: boolean) => void;
  readonly #tell: (event: RetryEvent) => void;
  /** Of each host that is delegated to: one task at a time. */
  readonly #queues = new Map<string, PQueue>();

  /** `touched` is told of a host on which a task of another one was done, or which was lost with it; `tell`, when one is tried again. */
  constructor(way: (delegate: Delegate) => WayTo, touched: (host: string, lost: boolean) => void, tell: (event: RetryEvent) => void) {
    this.#tell = tell;
    this.#way = way;
    this.#touched = touched;
  }

  /** The task that the host stands before. `tellLoss` of the host is to be called when the events were told. */
  async perform(run: HostRun, stop: TaskStop): Promise<DoneApart> {
    run.forgetPlan();
    for (;;) {
      const before = turnsDone(run);
      const delegate = nextDelegate(run, stop);
      const done = await (delegate ? this.#on(delegate, run, stop) : oneTurn(run, {}, this.#tell));
      if (done.events.length > 0 || run.gone || turnsDone(run) === before) return done;
    }
  }

  async #on(delegate: Delegate, run: HostRun, stop: TaskStop): Promise<DoneApart> {
    const { name } = delegate.host;
    const queue = this.#queues.get(name) ?? new PQueue({ concurrency: 1 });
    this.#queues.set(name, queue);
    return queue.add(async () => {
      const way = this.#way(delegate);
      const lost: HostRunOptions["lost"] = (gone) => run.drop(lostDelegate(name, stop.entry.name, gone));
      // What the host itself does meanwhile, and what other tasks did there, is not known to this one.
      way.knowledge.forgetAnswers();
      const done = await oneTurn(run, { ...way, lost }, this.#tell);
      way.knowledge.forgetAnswers();
      this.#touched(name, run.gone);
      return done;
    });
  }
}

/** One turn of the task, as the plain twin does it. */
async function oneTurn(run: HostRun, way: Partial<HostRunOptions>, tell: (event: RetryEvent) => void): Promise<DoneApart> {
  const before = turnsDone(run);
  const alone = run.alone({ lost: (gone) => run.drop(gone), ...way });
  const events: PlacedTask[] = [];
  let acts = false;
  while (events.length === 0 && turnsDone(run) === before) {
    const planned = await alone.prepare();
    if (!planned || planned.length === 0) break;
    acts = planned.some((p) => p.acts);
    for (const placed of await alone.perform(undefined)) {
      if (isRetry(placed)) tell(placed.event);
      else events.push(placed);
    }
    if (alone.gone) break;
  }
  alone.tellLoss();
  return { events, cut: acts && alone.gone && alone.reached };
}

function isRetry(placed: PlacedEvent): placed is PlacedRetry {
  return placed.event.event === "retry";
}

function turnsDone({ position }: Pick<HostRun, "position">): number {
  return position.turns?.outcomes.length ?? 0;
}

/** Where the next turn is done; undefined: on the host itself. What is wrong with the name is found again, and told, when the turn is resolved. */
function nextDelegate({ seat, position }: HostRun, { entry, bind }: TaskStop): Delegate | undefined {
  const { delegateTo } = entry.inherited;
  if (!delegateTo) return undefined;
  try {
    const items = position.turns ? position.turns.items : turnsOf(seat, entry, bind, position.vars);
    if (items instanceof Unknown || items instanceof NoTurns) return undefined;
    const index = turnsDone({ position });
    const turned = turn(entry, bind, items?.[index] ?? null, index, items ?? []);
    const inner = variablesFor(seat.context, seat.play, seat.host, entry.inherited, turned, position.vars);
    const open = gate(entry.inherited.when, inner);
    if (open instanceof Unknown || !open.open) return undefined;
    const delegate = delegateOf(seat, delegateTo, inner);
    return delegate instanceof Unknown ? undefined : delegate;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
