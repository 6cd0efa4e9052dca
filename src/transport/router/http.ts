import { readFileSync } from "node:fs";
import { Agent as HttpAgent, request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import { ApiGone } from "../../kernel/apiclient.ts";
import type { Counts } from "../../kernel/counts.ts";

/** What was answered, whatever the status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface HttpRequest {
  readonly method: string;
  /** From the root of the host: `/api/v8/login/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Seconds without an answer. RouterOS itself gives up after 60. */
const patience = 30;
const longest = 4 * 1024 * 1024;

/** One connection to one router, kept. The certificate is always checked. */
export class RouterHttp {
  readonly base: URL;
  readonly #agent: Agent | HttpAgent;
  readonly #counts = { roundTrips: 0, processes: 0, bytesSent: 0, bytesReceived: 0 };

  /** `trusted`: certificates in the place of the system's. Throws ApiGone when the file cannot be read. */
  constructor(url: string, trusted?: string) {
    this.base = new URL(url);
    this.#agent =
      this.base.protocol === "https:"
        ? new Agent({ keepAlive: true, maxSockets: 1, minVersion: "TLSv1.2", ...(trusted !== undefined && { ca: trusted }) })
        : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** Throws ApiGone: nobody answered, or the connection was lost and the effect is unknown. No secret is in its message. */
  send({ method, path, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const start = this.base.protocol === "https:" ? request : plainRequest;
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    this.#counts.roundTrips++;
    this.#counts.bytesSent += Buffer.byteLength(body ?? "");
    return new Promise((resolve, reject) => {
      const gone = (why: string): void => reject(new ApiGone(`${this.base.host}: ${why}`));
      const sent = start(
        new URL(path, this.base),
        { method, agent: this.#agent, headers: { accept: "application/json", ...headers, ...length } },
        (answer) => {
          const parts: Buffer[] = [];
          let size = 0;
          answer.on("data", (part: Buffer) => {
            size += part.length;
            if (size > longest) sent.destroy(new Error("the answer is longer than 4 MiB"));
            parts.push(part);
          });
          answer.on("error", (error: Error) => gone(`the answer was cut off (${error.message})`));
          answer.on("end", () => {
            this.#counts.bytesReceived += size;
            if (!answer.complete) return gone("the answer was cut off");
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString("utf8") });
          });
        },
      );
      sent.setTimeout(patience * 1000, () => sent.destroy(new Error(`no answer within ${patience} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) => gone(inWords(error)));
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "the name is not known",
  EHOSTUNREACH: "there is no way to it",
  ETIMEDOUT: "no answer",
  ECONNRESET: "the connection was cut off",
  EPIPE: "the connection was cut off",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name: write the name of the certificate in api_url",
  CERT_HAS_EXPIRED: "its certificate is out of date",
};

const untrusted = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
];

function inWords(error: NodeJS.ErrnoException): string {
  const code = error.code ?? "";
  if (untrusted.includes(code)) return "its certificate is signed by nobody that is trusted: give the file of its root in api_ca";
  return words[code] ?? error.message;
}

/** The file of `api_ca`. Throws ApiGone. */
export function trustedIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ApiGone(`api_ca cannot be read: ${(error as Error).message}`);
  }
}
