import type { Json } from "../../emulator/reply.ts";
import type { Account } from "../../emulator/state.ts";
import { type Answer, page, redirect } from "../answer.ts";
import { cookiesOf, type Visit } from "../visit.ts";
import { Codes } from "./codes.ts";
import { holds, type Person } from "./conditions.ts";
import { type Guard, guardOf, policiesOf, secondsOf } from "./stored.ts";
import { SessionTokens } from "./tokens.ts";

/** Whether somebody passes, and until when: the policy that decides, or that none does. */
type Decision = { readonly allowed: true; readonly seconds: number } | { readonly allowed: false };

/** The login before applications. */
export class Gate {
  readonly codes: Codes;
  readonly #account: Account;
  readonly #clock: () => number;
  readonly #tokens = new SessionTokens();

  constructor(account: Account, clock: () => number) {
    this.#account = account;
    this.#clock = clock;
    this.codes = new Codes(clock);
  }

  /** The host where people log in. */
  get teamHost(): string {
    return String(this.#account.organization?.auth_domain ?? "");
  }

  /** The answer for who may not pass, or headers that the server gets about who may. */
  try(visit: Visit): Answer | { readonly headers: Readonly<Record<string, string>> } {
    const { host, path } = visit.fields;
    const guard = guardOf(host, path, this.#account);
    if (path === "/cdn-cgi/access/authorized") return this.#enter(visit);
    if (!guard || guard.open || this.#bypassed(guard, visit)) return { headers: {} };
    const token = cookiesOf(visit.headers).CF_Authorization ?? "";
    const session = this.#tokens.read(token, guard.id, this.#clock());
    if (!session) return this.#toLogin(guard, visit);
    // Country and address count on every request, not only when somebody logs in.
    if (!this.decide(guard.app, personOf(visit, session.email)).allowed) return denied();
    return { headers: { "cf-access-jwt-assertion": token, "cf-access-authenticated-user-email": session.email } };
  }

  /** The e-mail address of who has logged in at the team's host already: one code opens all that the address may see. */
  knownAtTeam(visit: Visit): string | undefined {
    return this.#tokens.read(cookiesOf(visit.headers).CF_Authorization ?? "", "team", this.#clock())?.email;
  }

  /** The cookie of the team's host for who gave the right code. */
  teamCookie(email: string, country: string): string {
    const now = Math.floor(this.#clock() / 1000);
    const seconds = secondsOf(this.#account.organization?.session_duration ?? "24h", "the organisation");
    const token = this.#tokens.make({ aud: "team", email, iat: now, exp: now + seconds }, `https://${this.teamHost}`, country);
    return `CF_Authorization=${token}; Max-Age=${seconds}; Path=/; Secure; HttpOnly`;
  }

  /** What the policies of an application say about somebody. */
  decide(app: Json, person: Person): Decision {
    const policies = policiesOf(app, this.#account).filter((p) => p.decision !== "bypass");
    const first = policies.find((p) => holds(p, person, this.#account));
    if (first?.decision !== "allow") return { allowed: false };
    return { allowed: true, seconds: secondsOf(first.session_duration ?? app.session_duration, `the policy ${first.name}`) };
  }

  #bypassed({ app }: Guard, visit: Visit): boolean {
    const person = personOf(visit, undefined);
    return policiesOf(app, this.#account).some((p) => p.decision === "bypass" && holds(p, person, this.#account));
  }

  #toLogin({ id }: Guard, { fields, target }: Visit): Answer {
    const query = new URLSearchParams({ kid: id, redirect_url: target });
    return redirect(302, "access: login", `https://${this.teamHost}/cdn-cgi/access/login/${fields.host}?${query}`);
  }

  /** Back from the login: the word becomes a cookie. */
  #enter(visit: Visit): Answer {
    const { host, query } = visit.fields;
    const entry = this.codes.take(new URLSearchParams(query).get("word") ?? "", host);
    const guard = entry && guardOf(host, entry.returnTo.split("?")[0] ?? "/", this.#account);
    const decision = guard && this.decide(guard.app, personOf(visit, entry.email));
    if (!entry || !guard || !decision?.allowed) return denied();
    const now = Math.floor(this.#clock() / 1000);
    const session = { aud: guard.id, email: entry.email, iat: now, exp: now + decision.seconds };
    const { http_only_cookie_attribute: httpOnly, same_site_cookie_attribute: sameSite } = guard.app;
    const cookie = [
      `CF_Authorization=${this.#tokens.make(session, `https://${this.teamHost}`, visit.fields.country)}`,
      `Max-Age=${decision.seconds}`,
      "Path=/",
      "Secure",
      ...(httpOnly ? ["HttpOnly"] : []),
      ...(sameSite === undefined ? [] : [`SameSite=${sameSite[0].toUpperCase()}${sameSite.slice(1)}`]),
    ];
    return redirect(302, "access: entered", entry.returnTo, { "set-cookie": cookie.join("; ") });
  }
}

export function personOf({ fields }: Visit, email: string | undefined): Person {
  return { email, ip: fields.ip, country: fields.country };
}

export function denied(): Answer {
  return page(403, "access: denied", "Forbidden", "<p>You do not have access to this application.</p>");
}
