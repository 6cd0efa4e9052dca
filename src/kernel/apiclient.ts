import type { Counts } from "./counts.ts";
import type { CallStep, StepResult } from "./step.ts";

/** The API refused a request or answered with nonsense; the message is for a person and holds no secret. */
export class ApiError extends Error {
  /** HTTP status; 0 where there is none. */
  readonly status: number;
  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The API could not be reached, or a request's effect is unknown. The host is then out of the run. */
export class ApiGone extends Error {}

/** A session with an API. Each request has a bound. */
export interface ApiClient {
  /**
   * The body of an answer to a reading request, taken out of the API's envelope; a list is read to its end. The same request
   * is sent once between two calls of `forget`. Throws ApiError or ApiGone.
   */
  get(path: string): Promise<unknown>;
  /** Performs a step; secrets in its body are revealed here. A refusal is a result with rc 1 and its reason on stderr. Throws ApiGone. */
  call(step: CallStep): Promise<StepResult>;
  /** Nothing that was read before counts any more. */
  forget(): void;
  readonly counts: Counts;
  close(): Promise<void>;
}
