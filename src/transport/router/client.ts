import { type ApiClient, ApiError } from "../../kernel/apiclient.ts";
import type { Counts } from "../../kernel/counts.ts";
import type { CallStep, StepResult } from "../../kernel/step.ts";
import { revealed } from "../../kernel/value.ts";

/** One kind of router: its login, its headers and its envelope. */
export interface RouterSession {
  readonly counts: Counts;
  /** The body of the answer out of its envelope. Logs in anew, once, when the session has ended. Throws ApiError and ApiGone. */
  send(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** The client of a router: reading requests are sent once until something is written. */
export class RouterClient implements ApiClient {
  readonly #session: RouterSession;
  #read = new Map<string, Promise<unknown>>();

  constructor(session: RouterSession) {
    this.#session = session;
  }

  get counts(): Counts {
    return this.#session.counts;
  }

  get(path: string): Promise<unknown> {
    const known = this.#read.get(path);
    if (known) return known;
    const asked = this.#session.send("GET", path);
    this.#read.set(path, asked);
    return asked;
  }

  async call({ method, path, body }: CallStep): Promise<StepResult> {
    const started = Date.now();
    const ended = (rc: number, stdout: string, stderr: string): StepResult => ({
      rc,
      stdout,
      stderr,
      seconds: (Date.now() - started) / 1000,
    });
    try {
      const said = await this.#session.send(method, path, revealed(body));
      return ended(0, said === undefined ? "" : JSON.stringify(said), "");
    } catch (error) {
      if (error instanceof ApiError) return ended(1, "", error.message);
      throw error;
    }
  }

  forget(): void {
    this.#read = new Map();
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

/** The JSON of an answer. Throws ApiError on anything else. */
export function jsonOf(text: string, what: string, status: number): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    throw new ApiError(`${what}: the answer is no JSON (HTTP ${status}): is it the address of the right device?`, status);
  }
}

/** A map, or an empty one. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
