import type { RetryEvent, TaskEvent } from "../../kernel/event.ts";
import type { Question } from "../../kernel/fact.ts";
import type { PauseStep } from "../../kernel/step.ts";
import type { Identity, Target, Unreachable } from "../../kernel/target.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import type { Knowledge } from "../decide/knowledge.ts";
import type { TaskPath } from "../decide/path.ts";
import type { Planned } from "../decide/planned.ts";
import type { Position } from "../decide/position.ts";
import type { Reconnect } from "../guard/guardreach.ts";
import type { TurnWatch } from "../plan/turnwatch.ts";
import type { Locking } from "./locking.ts";
import type { Paused } from "./pausing.ts";

export interface HostRunOptions {
  readonly lookahead: boolean;
  /** A chain ends at this many turns. */
  readonly longest: number;
  /** False: the host is led through one task that is done alone; it else stops before such a task. */
  readonly together: boolean;
  /** Who gathers the facts, undefined when they are not wanted. */
  readonly gatherAs: Identity | undefined;
  /** What is predicted of this host goes on from play to play. */
  readonly knowledge: Knowledge;
  readonly connect: () => Promise<Target | Unreachable>;
  /** Beside the connection in use, for the proof behind a guarded block. */
  readonly reconnect: Reconnect;
  /** Told where the host stands, and before it acts what it is about to do. */
  readonly reached: (position: Position, due: readonly Planned[]) => void;
  /** Told of a handler that has run well. */
  readonly ran: (handler: TaskEntry) => void;
  /** Told when the host goes on over another connection. */
  readonly adopt: (target: Target) => void;
  /** Told what the host is busy with. */
  readonly busy: (doing: string) => void;
  /** One run at a time per host; undefined: nothing is locked. */
  readonly locking?: Locking;
  /** Waits on the controller; hosts that come to the same place in the play wait together. */
  readonly pause: (place: string, step: PauseStep) => Promise<Paused>;
  /** Ends what the host waits for. */
  readonly signal?: AbortSignal;
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
export type PlacedEvent = PlacedTask | PlacedRetry;

export interface PlacedRetry {
  readonly path: TaskPath;
  readonly event: RetryEvent;
  readonly fatal?: undefined;
}

export interface PlacedTask {
  readonly path: TaskPath;
  readonly event: TaskEvent;
  /** A failure that ends the run for all hosts. */
  readonly fatal?: true;
}
