import type { Account } from "../../emulator/state.ts";
import { type Answer, escaped, page, redirect } from "../answer.ts";
import type { Visit } from "../visit.ts";
import type { Entry } from "./codes.ts";
import { denied, type Gate, personOf } from "./gate.ts";
import { guardOf } from "./stored.ts";

/** The pages of the team's own host: the e-mail address is asked for, then the code. */
export async function teamAnswer(visit: Visit, gate: Gate, account: Account): Promise<Answer> {
  const { method, path, query } = visit.fields;
  const login = /^\/cdn-cgi\/access\/login\/([a-z0-9.-]+)$/.exec(path)?.[1];
  if (login !== undefined && method === "GET") {
    const returnTo = local(new URLSearchParams(query).get("redirect_url"));
    const guard = guardOf(login, pathOf(returnTo), account);
    if (!guard) return page(404, "access: login", "Unable to find your application");
    const email = gate.knownAtTeam(visit);
    if (email !== undefined)
      return gate.decide(guard.app, personOf(visit, email)).allowed ? enter({ host: login, email, returnTo }, gate) : denied();
    return page(200, "access: login", "Sign in", emailForm(login, returnTo));
  }
  const form = method === "POST" ? new URLSearchParams(await visit.body()) : new URLSearchParams();
  if (path === "/cdn-cgi/access/onetimepin" && method === "POST") {
    const entry = {
      host: form.get("host") ?? "",
      email: (form.get("email") ?? "").trim().toLowerCase(),
      returnTo: local(form.get("redirect_url")),
    };
    const guard = guardOf(entry.host, pathOf(entry.returnTo), account);
    const sent = guard !== undefined && gate.decide(guard.app, personOf(visit, entry.email)).allowed;
    return page(200, "access: code", "Enter your code", codeForm(gate.codes.begin(entry, sent)));
  }
  if (path === "/cdn-cgi/access/callback" && method === "POST") {
    const entry = gate.codes.finish(form.get("nonce") ?? "", (form.get("code") ?? "").trim());
    if (!entry) return page(401, "access: wrong code", "That code is not valid", "<p>Ask for another one.</p>");
    return enter(entry, gate, { "set-cookie": gate.teamCookie(entry.email, visit.fields.country) });
  }
  return page(404, "access: no page", "Not found");
}

function enter(entry: Entry, gate: Gate, headers: Readonly<Record<string, string>> = {}): Answer {
  return redirect(302, "access: logged in", `https://${entry.host}/cdn-cgi/access/authorized?word=${gate.codes.hand(entry)}`, headers);
}

/** Only a path of the application's own host: elsewhere nobody is sent. */
function local(target: string | null): string {
  return target !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(target) ? target : "/";
}

function pathOf(target: string): string {
  return target.split("?")[0] ?? "/";
}

function emailForm(host: string, returnTo: string): string {
  const hidden = (name: string, value: string) => `<input type="hidden" name="${name}" value="${escaped(value)}">`;
  return `<form method="post" action="/cdn-cgi/access/onetimepin">${hidden("host", host)}${hidden("redirect_url", returnTo)}<label>Email <input type="email" name="email" required></label><button>Send me a code</button></form>`;
}

/** The same words whether a code was sent or not. */
function codeForm(nonce: string): string {
  return `<p>If that address may log in, a code has been sent to it. It is good for ten minutes.</p><form method="post" action="/cdn-cgi/access/callback"><input type="hidden" name="nonce" value="${nonce}"><label>Code <input name="code" inputmode="numeric" required></label><button>Sign in</button></form>`;
}
