import type { Secret } from "./value.ts";

/** Something to do on a target, as data: it can be printed, masked, stored and compared. */
export type Step = ExecStep | ScriptStep | WriteStep | UploadStep | DownloadStep | CallStep | OwnStep;

/** What the engine does itself, as the last step of a task that is alone in its chain: no target sees it. */
export type OwnStep = ReturnStep | PauseStep;

/** Variables for a program, by name. */
export type Environment = Readonly<Record<string, string | Secret>>;

/** Runs a program of ours. argv never holds a secret: secrets go by stdin. */
export interface ExecStep {
  readonly do: "exec";
  readonly argv: readonly string[];
  readonly stdin?: string | Secret;
  /** Exit codes that count as success; default [0]. */
  readonly okCodes?: readonly number[];
  /** Environment of this one program; values with secrets go through a here-document, not through argv. */
  readonly env?: Environment;
  readonly chdir?: string;
  /** Seconds; default is the transport's bound for a step. */
  readonly timeout?: number;
  /** True for the user's own program (module `command`): it runs in the work shell. */
  readonly userText?: true;
}

/** Runs the user's shell text (module `shell`) in the work shell. The text goes by a file descriptor, not by argv. */
export interface ScriptStep {
  readonly do: "script";
  readonly text: string | Secret;
  /** Absolute path of the shell; default /bin/sh. */
  readonly shell?: string;
  readonly stdin?: string | Secret;
  readonly okCodes?: readonly number[];
  readonly env?: Environment;
  readonly chdir?: string;
  readonly timeout?: number;
}

/** Writes a whole text file atomically. */
export interface WriteStep {
  readonly do: "write";
  readonly path: string;
  readonly content: string | Secret;
  /** Four octal digits: "0644". */
  readonly mode: string;
  /** Name or number. */
  readonly owner: string;
  readonly group: string;
  /** sha256 in hex of the regular file to be replaced, null when nothing may be there; omitted: whatever is there. */
  readonly replaces?: string | null;
  /** The user's check command with `%s` for the new file, run before the rename. */
  readonly validate?: string;
  /** Keep the old file beside the new one as `PATH.TIMESTAMP~`. */
  readonly backup?: boolean;
}

/** Like write, for a local file of any size and content, streamed. */
export interface UploadStep {
  readonly do: "upload";
  readonly path: string;
  /** Absolute path on the controller. */
  readonly local: string;
  /** Bytes. */
  readonly size: number;
  /** sha256 in hex; checked on the target before the rename. */
  readonly sha256: string;
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly replaces?: string | null;
  readonly validate?: string;
  readonly backup?: boolean;
}

/** Brings a file of any size from the target to the controller, streamed; the target is only read. It is the only step of its chain. */
export interface DownloadStep {
  readonly do: "download";
  /** On the target. */
  readonly path: string;
  /** Absolute path on the controller. The folders above are made; the file gets mode 0600 and takes its place by a rename. */
  readonly local: string;
  /** Bytes. */
  readonly size: number;
  /** sha256 in hex; checked before the rename. */
  readonly sha256: string;
}

/** One writing request to a target that is an API. */
export interface CallStep {
  readonly do: "call";
  readonly method: string;
  /** Below the address of the API, with its query. Holds no secret. */
  readonly path: string;
  /** Sent as the API wants it; may hold a Secret at any place. */
  readonly body?: unknown;
}

/**
 * Waits, with a new connection each time, until the host lets the same user in again and the proof of the task holds. The steps in front
 * may take the host away: that they end without a word is no failure.
 */
export interface ReturnStep {
  readonly do: "return";
  /** Seconds until it is given up, from the first try on. */
  readonly within: number;
  /** Seconds before the first try. */
  readonly delay: number;
  /** Seconds between two tries. */
  readonly sleep: number;
  /** Seconds that one connection may take. */
  readonly connect: number;
  /** A line for the host's shell, run until it ends with 0. */
  readonly test?: string;
  /** Seconds to wait when all is well. */
  readonly after?: number;
}

/** Waits on the controller: for a time, or without one until a person answers. Hosts that come to the same task wait together. */
export interface PauseStep {
  readonly do: "pause";
  readonly seconds?: number;
  readonly prompt?: string;
}

/** What a step said. Output is cut to the head and tail beyond 1 MiB; `cut` then counts the lost bytes. */
export interface StepResult {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly cut?: number;
  /** Seconds. */
  readonly seconds: number;
  /** Set when the step was killed at its bound. */
  readonly timedOut?: true;
}

/** `exec("systemctl", "start", "nginx")` */
export function exec(...argv: readonly string[]): ExecStep {
  return { do: "exec", argv };
}

/** Is it done by the engine, and not on the target? */
export function isOwn(step: Step): step is OwnStep {
  return step.do === "return" || step.do === "pause";
}

/** Does this step run text that the user wrote? Then it belongs to the work shell. */
export function runsUserText(step: Step): boolean {
  if (step.do === "script") return true;
  if (step.do === "exec") return step.userText === true;
  return (step.do === "write" || step.do === "upload") && step.validate !== undefined;
}
