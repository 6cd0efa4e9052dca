import { ApiError, ApiGone } from "../../kernel/apiclient.ts";
import { jsonOf, mapOf } from "./client.ts";
import type { HttpAnswer } from "./http.ts";
import { afterLogin, LoginSession } from "./login.ts";
import type { RouterDoor } from "./open.ts";

/** A Bbox of Bouygues: a cookie, and a short-lived token in the address of every write. Bodies are forms. */
class BboxSession extends LoginSession {
  #cookie = "";

  /** Asked once: a box that has shut its door opens it later with every further try. */
  async login(): Promise<void> {
    this.#cookie = "";
    const answer = await this.#once("PUT", "login", { password: this.connection.api?.password?.reveal() ?? "", remember: 1 });
    if (answer.status === 401) throw new ApiError("the Bbox does not let us in: the password is wrong (api_password)", 401);
    if (answer.status !== 200) throw new ApiError(`login: HTTP ${answer.status}`, answer.status);
    const cookie = [answer.headers["set-cookie"] ?? []].flat().find((c) => c.startsWith("BBOX_ID="));
    if (cookie === undefined) throw new ApiError("login: the box gave no session");
    this.#cookie = cookie.split(";")[0] ?? "";
  }

  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    let answer = await this.#one(method, path, body);
    if (answer.status === 401) {
      await this.login();
      answer = await this.#one(method, path, body);
    }
    if (answer.status >= 400) throw new ApiError(`${method} ${path}: ${whyOf(answer)}`, answer.status);
    return jsonOf(answer.body, `${method} ${path}`, answer.status);
  }

  async #one(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    if (method === "GET") return this.#once(method, path);
    const token = await this.#once("GET", "device/token");
    if (token.status === 401) return token;
    if (token.status === 404)
      throw new ApiError(
        "this Bbox is of another family (a login with salt and nonce), which is not known here: its forwards must be made by hand",
        404,
      );
    const [first] = jsonOf(token.body, "device/token", token.status) as readonly unknown[];
    const btoken = String(mapOf(mapOf(first).device).token ?? "");
    return this.#once(method, `${path}?btoken=${encodeURIComponent(btoken)}`, mapOf(body));
  }

  async #once(method: string, path: string, form?: Readonly<Record<string, unknown>>): Promise<HttpAnswer> {
    const { origin } = this.http.base;
    const text =
      form && new URLSearchParams(Object.entries(form).map(([name, value]): [string, string] => [name, String(value)])).toString();
    const answer = await this.http.send({
      method,
      path: `/api/v1/${path}`,
      headers: {
        "x-requested-with": "XmlHttpRequest",
        origin,
        referer: `${origin}/login`,
        ...(this.#cookie !== "" && { cookie: this.#cookie }),
        ...(text !== undefined && { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" }),
      },
      ...(text !== undefined && { body: text }),
    });
    if (answer.status === 429)
      throw new ApiGone("the Bbox has shut out logins: wait a quarter of an hour, every further try makes it longer");
    return answer;
  }

  protected logout(): Promise<unknown> | undefined {
    return this.#cookie === "" ? undefined : this.#once("POST", "logout");
  }
}

/** `{ exception: { errors: [{ name, reason }] } }` */
function whyOf(answer: HttpAnswer): string {
  try {
    const [error] = mapOf(mapOf(JSON.parse(answer.body)).exception).errors as readonly unknown[];
    const { name, reason } = mapOf(error);
    return `${String(name)}: ${String(reason)} (HTTP ${answer.status})`;
  } catch {
    return `refused (HTTP ${answer.status})`;
  }
}

export const bbox: RouterDoor = {
  url: "https://mabbox.bytel.fr",
  needs: ["password"],
  login: afterLogin(BboxSession),
};
