/** What the work with one target cost so far. */
export interface Counts {
  /** Scripts written to a shell and answered. Become prompts are not among them. */
  readonly roundTrips: number;
  /** Processes started on the target meanwhile, as far as it can tell; 0 where it cannot. */
  readonly processes: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}
