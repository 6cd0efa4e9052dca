import type { Counts } from "./counts.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** changed: in check mode it reads "would change". maybe: cannot be told before `waitsFor` has run. */
export type TaskStatus = "ok" | "changed" | "maybe" | "skipped" | "failed" | "unreachable";

/** A change as it may be shown: secrets are masked already. */
export interface ShownChange {
  readonly subject: string;
  readonly fields: readonly ShownField[];
  /** Unified diff, without colours. */
  readonly diff?: string;
  /** The task itself asks for its diff (`diff: true`): shown without `--diff` too. */
  readonly asked?: true;
  readonly pending?: "reboot" | "propagation";
}

export interface ShownField {
  readonly name: string;
  /** "absent" where there is nothing; empty for an action. */
  readonly before: string;
  readonly after: string;
  /** Both sides are fingerprints: `#3fa2c1`. */
  readonly secret?: true;
  /** Something to be done: there is no before. */
  readonly action?: true;
}

/** One turn of a loop. */
export interface ItemOutcome {
  readonly item: string;
  readonly status: TaskStatus;
  readonly message?: string;
  readonly changes: readonly ShownChange[];
}

export interface TaskEvent {
  readonly event: "task";
  readonly host: string;
  /** The hosts that it was delegated to; more than one only in a loop. */
  readonly delegates?: readonly string[];
  /** Empty outside a role. */
  readonly role: string;
  readonly task: string;
  readonly module: string;
  /** `file:line:column` of the task. */
  readonly at: string;
  readonly handler: boolean;
  readonly status: TaskStatus;
  readonly changes: readonly ShownChange[];
  readonly items?: readonly ItemOutcome[];
  /** Why it failed, was skipped or cannot be told, or what it says (debug). */
  readonly message?: string;
  /** Output of a failed step. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly rc?: number;
  /** For maybe: the task that it waits for. */
  readonly waitsFor?: string;
  /** Failed, but a rescue or ignore_errors took it. */
  readonly ignored?: "ignore_errors" | "rescued";
  readonly seconds: number;
}

/** A task is tried again: `until` does not hold yet, or it failed and has `retries`. */
export interface RetryEvent {
  readonly event: "retry";
  readonly host: string;
  /** Empty outside a role. */
  readonly role: string;
  readonly task: string;
  /** The turn of its loop. */
  readonly item?: string;
  /** The try that is over, from 1. */
  readonly attempt: number;
  /** Tries in all. */
  readonly of: number;
  /** Until the next one. */
  readonly seconds: number;
  /** Why it failed, or the condition. */
  readonly message: string;
}

export interface HostRecap extends Counts {
  readonly ok: number;
  readonly changed: number;
  readonly maybe: number;
  readonly skipped: number;
  readonly failed: number;
  readonly unreachable: number;
  readonly ignored: number;
  readonly rescued: number;
}

/** Everything that happens. Views listen; a forgotten case does not compile. */
export type Event =
  | { readonly event: "start"; readonly playbook: string; readonly check: boolean; readonly hosts: readonly string[] }
  | { readonly event: "play"; readonly play: string; readonly at: string; readonly hosts: readonly string[]; readonly tasks: number }
  | { readonly event: "connecting"; readonly host: string }
  | { readonly event: "connected"; readonly host: string; readonly seconds: number }
  /** What a host is busy with, for live views; `left` counts the tasks of the play still to be decided. */
  | { readonly event: "progress"; readonly host: string; readonly doing: string; readonly left: number }
  | TaskEvent
  | RetryEvent
  /** unreachable: cannot be reached or was lost. refused: it is not as its plan says, and nothing was done there. */
  | {
      readonly event: "host";
      readonly host: string;
      readonly status: "unreachable" | "refused";
      readonly message: string;
      readonly help: string;
    }
  | { readonly event: "warning"; readonly message: string; readonly at?: string; readonly host?: string }
  | { readonly event: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly event: "recap"; readonly hosts: Readonly<Record<string, HostRecap>>; readonly seconds: number; readonly check: boolean };

export type Listener = (event: Event) => void;

/** The switch over events ends here; a new kind of event makes this a type error. */
export function neverEvent(event: never): never {
  throw new Error(`unhandled event ${JSON.stringify(event)}`);
}
