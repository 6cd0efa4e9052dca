import { ApiError } from "../../kernel/apiclient.ts";
import { jsonOf, mapOf } from "./client.ts";
import { afterLogin, LoginSession } from "./login.ts";
import type { RouterDoor } from "./open.ts";

/** The bus of a Livebox: every request is a POST that names a service and a method. Errors come with HTTP 200. */
class LiveboxSession extends LoginSession {
  #context = "";
  #cookie = "";

  async login(): Promise<void> {
    this.#context = "";
    this.#cookie = "";
    const { user, password } = this.connection.api ?? {};
    const parameters = { applicationName: "webui", username: user ?? "admin", password: password?.reveal() ?? "" };
    const said = mapOf(await this.#once("sah.Device.Information", "createContext", parameters));
    const { contextID } = mapOf(said.data);
    if (typeof contextID !== "string") throw new ApiError("the Livebox does not let us in: the password is wrong (api_password)");
    this.#context = contextID;
  }

  /** A path is `Service method`, for a question with the parameters as JSON behind them. */
  async send(_method: string, path: string, body?: unknown): Promise<unknown> {
    const [, service = "", method = "", parameters] = /^(\S+) (\S+)(?: (.*))?$/.exec(path) ?? [];
    const given = body ?? (parameters === undefined ? {} : JSON.parse(parameters));
    try {
      return await this.#once(service, method, given);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await this.login();
      return this.#once(service, method, given);
    }
  }

  async #once(service: string, method: string, parameters: unknown): Promise<unknown> {
    const entered = this.#context !== "";
    const answer = await this.http.send({
      method: "POST",
      path: "/ws",
      headers: {
        "content-type": "application/x-sah-ws-1-call+json",
        authorization: entered ? `X-Sah ${this.#context}` : "X-Sah-Login",
        ...(entered && { "x-context": this.#context, cookie: this.#cookie }),
      },
      body: JSON.stringify({ service, method, parameters }),
    });
    const cookies = [answer.headers["set-cookie"] ?? []].flat().map((c) => c.split(";")[0]);
    if (!entered && cookies.length > 0) this.#cookie = cookies.join("; ");
    const what = `${service} ${method}`;
    if (answer.status === 401) throw new ApiError(`${what}: not logged in`, 401);
    const said = mapOf(jsonOf(answer.body, what, answer.status));
    const result = "result" in said ? mapOf(said.result) : said;
    const errors = [result.errors ?? said.errors ?? []].flat().map(mapOf);
    const why = errors.map((e) => [e.description, e.info].filter((t) => typeof t === "string" && t !== "").join(": ")).join("; ");
    // Without a right session the bus says that the permission is missing.
    if (errors.some((e) => e.error === 196618 || /permission denied/i.test(String(e.description))))
      throw new ApiError(`${what}: ${why}`, entered ? 401 : 403);
    if (errors.length > 0 || answer.status >= 400)
      throw new ApiError(`${what}: ${why === "" ? `HTTP ${answer.status}` : why}`, answer.status);
    return result;
  }

  protected logout(): Promise<unknown> | undefined {
    return this.#context === "" ? undefined : this.#once("sah.Device.Information", "releaseContext", { applicationName: "webui" });
  }
}

/** The box has no certificate that could be checked: its own pages are plain http too. Write to it from inside the LAN only. */
export const livebox: RouterDoor = {
  url: "http://192.168.1.1",
  plain: true,
  needs: ["password"],
  login: afterLogin(LiveboxSession),
};
