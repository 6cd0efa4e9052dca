/** Three streams to one process on a target. */
export interface Channel {
  /** Resolves when more may be written. */
  write(data: Buffer | string): Promise<void>;
  /** Whoever listens takes every chunk at once: nothing is kept back for a late listener. */
  listen(hear: Hearing): void;
  /** Ends the process's input; it is expected to go. */
  end(): void;
  /** Drops the channel whatever runs behind it. */
  destroy(): void;
}

export interface Hearing {
  data(stream: Stream, chunk: Buffer): void;
  /** Called once. `why` is a text for people. */
  closed(why: string): void;
}

export type Stream = "stdout" | "stderr";

/** A way to start processes on one target: a connection, a container, this machine. */
export interface Line {
  /** Starts `command`, a text for the login user's shell, so it must be plain enough for any shell. */
  open(command: string): Promise<Channel | { readonly refused: string }>;
  /** Why the target is gone; undefined while it can be reached. */
  gone(): Promise<string | undefined>;
  /** Bytes that passed so far on all channels. */
  readonly sent: number;
  readonly received: number;
  close(): Promise<void>;
}
