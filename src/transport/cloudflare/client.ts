import { setTimeout as sleep } from "node:timers/promises";
import type { BaseCloudflare } from "cloudflare/client";
import { type ApiClient, ApiError, ApiGone } from "../../kernel/apiclient.ts";
import type { Counts } from "../../kernel/counts.ts";
import type { CallStep, StepResult } from "../../kernel/step.ts";
import { revealed } from "../../kernel/value.ts";
import { type Envelope, wholeResult } from "./pages.ts";
import { resolveBody, resolvePath } from "./references.ts";

type Sender = Pick<BaseCloudflare, "request">;
type Method = "get" | "post" | "put" | "patch" | "delete";

/** Seconds that a `retry-after` is obeyed for; beyond that the run ends and says so. */
const patience = 30;

/** What the SDK throws: an answer with a status, or a network fault without one. */
interface Failure {
  readonly status?: number;
  readonly message: string;
  readonly headers?: Headers;
  readonly errors?: Envelope["errors"];
}

/** Cloudflare's API through its SDK. Reads are repeated, writes never, unless the API said that it did nothing. */
export class CloudflareClient implements ApiClient {
  readonly #sdk: Sender;
  readonly #count: () => Counts;
  readonly #read = new Map<string, Promise<unknown>>();
  /** Zones that were looked up for their identifier, which never changes. */
  readonly #zones = new Map<string, unknown>();

  constructor(sdk: Sender, count: () => Counts) {
    this.#sdk = sdk;
    this.#count = count;
  }

  get counts(): Counts {
    return this.#count();
  }

  async get(path: string): Promise<unknown> {
    const resolved = await resolvePath(path, (p) => this.#lookUp(p));
    const known = this.#read.get(resolved) ?? wholeResult(resolved, (p) => this.#ask(p));
    this.#read.set(resolved, known);
    return known;
  }

  async call(step: CallStep): Promise<StepResult> {
    const began = performance.now();
    const done = (rc: number, stderr: string): StepResult => ({ rc, stdout: "", stderr, seconds: (performance.now() - began) / 1000 });
    try {
      const path = await resolvePath(step.path, (p) => this.#lookUp(p));
      const body = revealed(await resolveBody(step.body, (p) => this.#lookUp(p)));
      await this.#write(step.method.toLowerCase() as Method, path, body);
      return done(0, "");
    } catch (error) {
      if (error instanceof ApiError) return done(1, error.message);
      throw error;
    }
  }

  forget(): void {
    this.#read.clear();
  }

  async close(): Promise<void> {
    this.forget();
  }

  /** A list to find an identifier in. */
  async #lookUp(path: string): Promise<unknown> {
    if (!path.startsWith("/zones?")) return this.get(path);
    const known = this.#zones.get(path) ?? (await this.get(path));
    if (Array.isArray(known) && known.length === 1) this.#zones.set(path, known);
    return known;
  }

  async #ask(path: string): Promise<Envelope> {
    try {
      return opened(`GET ${path}`, await this.#sdk.request({ method: "get", path }));
    } catch (error) {
      if (error instanceof ApiError) throw error;
      const failure = error as Failure;
      if (failure.status === undefined) throw new ApiGone(`Cloudflare's API does not answer: ${failure.message}`);
      throw refusedBy(`GET ${path}`, failure);
    }
  }

  async #write(method: Method, path: string, body: unknown, tries = 3): Promise<void> {
    const what = `${method.toUpperCase()} ${path}`;
    let answer: unknown;
    try {
      answer = await this.#sdk.request({ method, path, body, maxRetries: 0 });
    } catch (error) {
      const failure = error as Failure;
      const { status } = failure;
      if (status === 429 && tries > 1 && waitOf(failure) <= patience) {
        await sleep(waitOf(failure) * 1000);
        return this.#write(method, path, body, tries - 1);
      }
      if (status === undefined || status >= 500)
        throw new ApiGone(
          `${what} ended without an answer that counts (${failure.message}): whether it was done is not known. Run again, it is looked at first`,
        );
      throw refusedBy(what, failure);
    }
    if (!isEnvelope(answer))
      throw new ApiGone(`${what} was answered with something that is not Cloudflare's API: whether it was done is not known`);
    const { result } = opened(what, answer);
    if (path.includes("dry_run=true") && result !== null && result !== undefined)
      throw new ApiError(`${what} was only to be tried, and the API did it: look at the zone, and turn \`trial\` off`);
  }
}

function isEnvelope(answer: unknown): answer is Envelope {
  return typeof answer === "object" && answer !== null && "success" in answer;
}

function opened(what: string, answer: unknown): Envelope {
  if (!isEnvelope(answer)) throw new ApiError(`${what}: the answer is not Cloudflare's: something stands in between, or api_url is wrong`);
  if (!answer.success) throw refusedBy(what, { message: "it says that it did not succeed", errors: answer.errors ?? [] });
  return answer;
}

function refusedBy(what: string, { status, message, errors }: Failure): ApiError {
  const said = (errors ?? []).map((e) => `${e.message ?? "no reason"}${e.code === undefined ? "" : ` (${e.code})`}`).join("; ");
  const why = status === 403 || status === 401 ? `${said || message}. The token may lack a permission for it` : said || message;
  return new ApiError(`${what}: ${why}`, status ?? 0);
}

function waitOf({ headers }: Failure): number {
  const seconds = Number(headers?.get("retry-after") ?? 1);
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : patience + 1;
}
