import { setTimeout as sleep } from "node:timers/promises";
import type { RetryEvent } from "../../kernel/event.ts";
import { numberOf } from "../compile/number.ts";
import type { Seat } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import type { UnitOutcome } from "../decide/outcome.ts";
import type { Planned } from "../decide/planned.ts";
import type { Position } from "../decide/position.ts";
import type { HostRunOptions, PlacedEvent } from "./hostrunoptions.ts";
import { tried } from "./tried.ts";

/** The waits of one host in one play: between two tries of a task, and between two turns of a loop. */
export class Waiting {
  readonly #seat: Seat;
  readonly #position: Position;
  readonly #options: Pick<HostRunOptions, "signal" | "watch">;
  /** Seconds; undefined when nothing is waited for. */
  #seconds: number | undefined;

  constructor(seat: Seat, position: Position, options: Pick<HostRunOptions, "signal" | "watch">) {
    this.#seat = seat;
    this.#position = position;
    this.#options = options;
  }

  /** Waits where something is to be waited for; true when it did. Ends early when the run is interrupted. */
  async over(): Promise<boolean> {
    const seconds = this.#seconds;
    this.#seconds = undefined;
    if (seconds === undefined) return false;
    await sleep(seconds * 1000, undefined, this.#options.signal && { signal: this.#options.signal }).catch(() => undefined);
    return true;
  }

  /** What a turn says under `until`: its outcome, or undefined when it is tried again, which is told. */
  judged(planned: Planned, outcome: UnitOutcome, events: PlacedEvent[]): UnitOutcome | undefined {
    const { unit, stop, bind, acts } = planned;
    const again = (failed: UnitOutcome): undefined => {
      this.#options.watch?.tried?.(planned);
      events.push({ path: stop.path, event: this.#again(planned, failed) });
    };
    if (planned.again) return again(outcome);
    // What does nothing was judged when it was decided.
    if (!unit?.retry || !acts) return outcome;
    const one = tried(this.#seat, stop, bind, this.#position.vars, unit, outcome, this.#position.tries ?? 0);
    return one.again ? again(one.outcome) : one.outcome;
  }

  #again({ unit, stop, item }: Planned, outcome: UnitOutcome): RetryEvent {
    const { until, tries, delay } = unit?.retry ?? { until: undefined, tries: 1, delay: 0 };
    this.#seconds = delay;
    this.#position.tries = (this.#position.tries ?? 0) + 1;
    const condition = until?.kind === "scalar" ? `until: ${until.text}` : "";
    return {
      event: "retry",
      host: this.#seat.host.name,
      role: stop.entry.inherited.role?.name ?? "",
      task: unit?.name ?? stop.entry.name,
      ...(item !== undefined && { item }),
      attempt: this.#position.tries,
      of: tries,
      seconds: delay,
      message: outcome.status === "failed" ? (outcome.message ?? "") : condition,
    };
  }

  /** Behind a turn of a loop with a pause that is not its last. */
  paused({ stop, bind, last }: Planned, { status }: UnitOutcome): void {
    const { entry } = stop;
    const pause = entry.loop?.pause;
    if (!pause || last || status === "skipped") return;
    const { context, play, host } = this.#seat;
    this.#seconds = numberOf(pause, variablesFor(context, play, host, entry.inherited, bind, this.#position.vars), "pause", 0);
  }
}
