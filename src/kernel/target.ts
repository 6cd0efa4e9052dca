import type { ApiAccess, ApiKind } from "./api.ts";
import type { Counts } from "./counts.ts";
import type { NoAnswer, Question } from "./fact.ts";
import type { Step, StepResult } from "./step.ts";
import type { Secret } from "./value.ts";

/** Where and how to reach one host: the inventory's connection variables, resolved. */
export interface Connection {
  readonly host: string;
  readonly kind: "ssh" | "local" | "docker" | ApiKind;
  /** ssh: name or address to dial, before ~/.ssh/config is read. docker: the container. */
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  readonly keyFile?: string;
  readonly password?: Secret;
  /** A list of known_hosts files instead of the user's own. */
  readonly knownHosts?: readonly string[];
  /** `user@host:port[,...]`, as ssh's ProxyJump. */
  readonly proxyJump?: string;
  /** Set for targets that are an API. */
  readonly api?: ApiAccess;
}

/** Who acts on the target. */
export interface Identity {
  readonly method: "none" | "sudo" | "su" | "doas";
  /** The user to become; "" for method none. */
  readonly user: string;
  readonly password?: Secret;
}

export const asLogin: Identity = { method: "none", user: "" };

export function identityKey(identity: Identity): string {
  return identity.method === "none" ? "login" : `${identity.method} ${identity.user}`;
}

/** A question together with the exact record that its script must print; `text` as Fact.write gave it. */
export interface Expectation {
  readonly question: Question;
  readonly text: string | Buffer;
}

/** One task of a guarded chain. */
export interface Link {
  /** Checked before the steps. A difference stops the chain: nothing of this link was done. */
  readonly guard: readonly Expectation[];
  readonly steps: readonly Step[];
  /** Checked after the steps. A difference stops the chain behind this link's steps. */
  readonly verify: readonly Expectation[];
  /** Seconds that its steps may take together, whatever they allow themselves. */
  readonly timeout?: number;
}

/** One run at a time per host: who asks for the lock, or only looks who holds it. */
export interface LockRequest {
  /** Random, the same for all that this run does on this host. */
  readonly run: string;
  /** `user@controller` */
  readonly owner: string;
  /** One word by which the controller finds its process again. */
  readonly runner: string;
  /** A run that is known to be dead: its lock counts as left over as soon as nothing of it works on the host. */
  readonly over?: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** False for what writes nothing: it only looks. */
  readonly take: boolean;
}

/** The other run that holds the lock of a host. */
export interface LockHolder {
  readonly run: string;
  readonly owner: string;
  readonly runner: string;
  readonly started: Date;
  /** From then on the lock counts as left over, unless it is renewed. */
  readonly expires: Date;
  /** The lock on the target. */
  readonly file: string;
}

/** One exchange with a target: acts, then asks. */
export interface Work {
  readonly as: Identity;
  /** work: the script holds text of the user. control: only text of ours. */
  readonly lane: "control" | "work";
  readonly links: readonly Link[];
  /** Asked after all links are done; not asked when the chain stopped. */
  readonly ask: readonly Question[];
  /** Question ids of `ask` that wait for Fact.settle. */
  readonly settle?: ReadonlySet<string>;
  /** Seconds for the whole exchange. */
  readonly timeout?: number;
  /** Rides in the first script of each identity, and again when the lock has to be renewed. */
  readonly lock?: LockRequest;
}

export type LinkResult =
  | { readonly status: "done"; readonly ran: readonly StepResult[] }
  /** The guard differed, nothing was done. */
  | { readonly status: "moved"; readonly question: Question }
  /** The steps ran, what they led to differs from the prediction. */
  | { readonly status: "unverified"; readonly ran: readonly StepResult[] }
  /** The last of `ran` failed, or a write refused. */
  | { readonly status: "failed"; readonly ran: readonly StepResult[]; readonly why: string };

export type Performed =
  | {
      readonly status: "done";
      /** One per link that was begun, in order; fewer than the links when the last one is not "done". */
      readonly links: readonly LinkResult[];
      /** By question id; empty when the chain stopped. */
      readonly answers: ReadonlyMap<string, unknown | NoAnswer>;
      /** The lock was only looked for, and another run holds it. */
      readonly lockedBy?: LockHolder;
      /** No lock can be made on this host. */
      readonly unlocked?: true;
    }
  /** The identity could not be entered (become password wrong or missing), or another run holds the lock: nothing was done. */
  | { readonly status: "refused"; readonly why: string; readonly help: string; readonly lockedBy?: LockHolder }
  /** The shell or the connection died: what was done is unknown. `host` says whether the host is gone or only the shell. */
  | { readonly status: "lost"; readonly why: string; readonly gone: boolean; readonly links: readonly LinkResult[] };

/** An open way to one host. Methods never throw for what a target can do. */
export interface Target {
  perform(work: Work): Promise<Performed>;
  readonly counts: Counts;
  /** Kills what runs, closes every shell and the connection. */
  close(): Promise<void>;
}

/** The host could not be reached or entered: what happened, and what to do about it. */
export interface Unreachable {
  readonly unreachable: string;
  readonly help: string;
  /** A person must act before a further try makes sense: the host shows another key than the known one. */
  readonly final?: true;
  /** The host answered, and does not let this user in: each further try may be counted against the runner. */
  readonly refused?: true;
}

export type Connect = (connection: Connection) => Promise<Target | Unreachable>;
