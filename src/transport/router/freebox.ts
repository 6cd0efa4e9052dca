import { createHmac } from "node:crypto";
import { ApiError } from "../../kernel/apiclient.ts";
import { jsonOf, mapOf } from "./client.ts";
import { freeboxRoots } from "./freebox-roots.ts";
import { afterLogin, LoginSession } from "./login.ts";
import type { RouterDoor } from "./open.ts";

const errors: Readonly<Record<string, string>> = {
  insufficient_rights:
    "the application may not do that: grant it the right to change the settings in Freebox OS (Paramètres, Gestion des accès)",
  invalid_token: "the application is not known to the box any more: register it anew and set api_token",
  pending_token: "the application is not accepted yet: accept it on the screen of the box",
  denied_from_external_ip: "the box takes the request for one from outside: ask from inside the LAN",
  ratelimited: "too many wrong logins: wait before the next",
  exist: "there is one already for this protocol and port, or for this machine",
  inval_ip_range: "the address is outside the range of the box's DHCP",
};

/** Freebox OS: a session token from a challenge, an envelope with success. */
class FreeboxSession extends LoginSession {
  #base = "";
  #token = "";

  async login(): Promise<void> {
    const about = mapOf(jsonOf((await this.http.send({ method: "GET", path: "/api_version", headers: {} })).body, "api_version", 0));
    const [major = ""] = String(about.api_version ?? "").split(".");
    if (!/^\d+$/.test(major) || typeof about.api_base_url !== "string")
      throw new ApiError("this is no Freebox: it does not tell the version of its API");
    this.#base = `${about.api_base_url}v${major}/`;
    this.#token = "";
    const { challenge } = mapOf(await this.#once("GET", "login/"));
    const { token, user } = this.connection.api ?? {};
    const password = createHmac("sha1", token?.reveal() ?? "")
      .update(String(challenge))
      .digest("hex");
    const session = mapOf(await this.#once("POST", "login/session/", { app_id: user ?? "fr.rempart", password }));
    this.#token = String(session.session_token ?? "");
  }

  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const whole = method === "PUT" && path.startsWith("fw/redir/") ? { ...mapOf(await this.#again("GET", path)), ...mapOf(body) } : body;
    return this.#again(method, path, whole);
  }

  /** A session ends after a while; what was refused for that was not done. */
  async #again(method: string, path: string, body?: unknown): Promise<unknown> {
    try {
      return await this.#once(method, path, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403 || this.#token === "") throw error;
      if (!error.message.endsWith("(auth_required)") && !error.message.endsWith("(invalid_session)")) throw error;
      await this.login();
      return this.#once(method, path, body);
    }
  }

  async #once(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = {
      ...(this.#token !== "" && { "x-fbx-app-auth": this.#token }),
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await this.http.send({ method, path: `${this.#base}${path}`, headers, ...text });
    const said = mapOf(jsonOf(answer.body, `${method} ${path}`, answer.status));
    if (said.success === true) return said.result;
    const code = String(said.error_code ?? `HTTP ${answer.status}`);
    throw new ApiError(`${method} ${path}: ${errors[code] ?? String(said.msg ?? "refused")} (${code})`, answer.status);
  }

  protected logout(): Promise<unknown> | undefined {
    return this.#token === "" ? undefined : this.#once("POST", "login/logout/");
  }
}

export const freebox: RouterDoor = {
  url: "https://mafreebox.freebox.fr",
  trusted: freeboxRoots,
  needs: ["token"],
  login: afterLogin(FreeboxSession),
};
