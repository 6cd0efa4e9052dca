import { ApiError } from "../../kernel/apiclient.ts";
import type { Counts } from "../../kernel/counts.ts";
import type { Connection } from "../../kernel/target.ts";
import { jsonOf, type RouterSession } from "./client.ts";
import type { RouterHttp } from "./http.ts";

/** What differs between the APIs that take a name and a password with every request. */
export interface BasicDialect {
  /** In front of every path: `/rest/`. */
  readonly prefix: string;
  /** What the body says is wrong; undefined: nothing. */
  readonly wrong: (body: unknown) => string | undefined;
  /** What a status means, in words, where the body says nothing better. */
  readonly statuses: Readonly<Record<number, string>>;
}

/** JSON over HTTPS with a name and a password in every request. There is no session that could end. */
export class BasicSession implements RouterSession {
  readonly #http: RouterHttp;
  readonly #dialect: BasicDialect;
  readonly #authorization: string;
  /** The uuid that the last add gave. */
  #last = "";

  constructor(http: RouterHttp, { api }: Connection, dialect: BasicDialect) {
    this.#http = http;
    this.#dialect = dialect;
    this.#authorization = `Basic ${Buffer.from(`${api?.user ?? ""}:${api?.password?.reveal() ?? ""}`).toString("base64")}`;
  }

  get counts(): Counts {
    return this.#http.counts;
  }

  /** `{last}` in a path is the uuid that the add before it gave. */
  async send(method: string, given: string, body?: unknown): Promise<unknown> {
    const path = given.replace("{last}", this.#last);
    const { prefix, statuses, wrong } = this.#dialect;
    const answer = await this.#http.send({
      method,
      path: `${prefix}${path}`,
      headers: { authorization: this.#authorization, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const what = `${method} ${path}`;
    if (answer.status === 401) throw new ApiError(`${what}: the name or the password is wrong (api_user, api_password)`, 401);
    const known = statuses[answer.status];
    if (known !== undefined) throw new ApiError(`${what}: ${known} (HTTP ${answer.status})`, answer.status);
    const said = jsonOf(answer.body, what, answer.status);
    const why = wrong(said) ?? (answer.status >= 400 ? "refused" : undefined);
    if (why !== undefined) throw new ApiError(`${what}: ${why} (HTTP ${answer.status})`, answer.status);
    if (typeof said === "object" && said !== null && "uuid" in said) this.#last = String(said.uuid);
    return said;
  }

  async close(): Promise<void> {
    this.#http.close();
  }
}
