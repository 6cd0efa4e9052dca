import type { Counts } from "../../kernel/counts.ts";
import type { Connection } from "../../kernel/target.ts";
import type { RouterSession } from "./client.ts";
import type { RouterHttp } from "./http.ts";

/** A session that begins with a login and is given back at the end. */
export abstract class LoginSession implements RouterSession {
  protected readonly http: RouterHttp;
  protected readonly connection: Connection;

  constructor(http: RouterHttp, connection: Connection) {
    this.http = http;
    this.connection = connection;
  }

  get counts(): Counts {
    return this.http.counts;
  }

  async close(): Promise<void> {
    await this.logout()?.catch(() => undefined);
    this.http.close();
  }

  /** Throws ApiError when the router does not let us in. */
  abstract login(): Promise<void>;
  abstract send(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Undefined where nobody is logged in. */
  protected abstract logout(): Promise<unknown> | undefined;
}

/** Makes a session of that kind, and logs in. */
export function afterLogin(Session: new (http: RouterHttp, connection: Connection) => LoginSession) {
  return async (http: RouterHttp, connection: Connection): Promise<RouterSession> => {
    const session = new Session(http, connection);
    await session.login();
    return session;
  };
}
