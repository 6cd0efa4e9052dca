import type { ConnectionDefaults } from "../../engine/compile/program.ts";
import { nodeLayer, Variables, valueLayer } from "../../engine/compile/scope.ts";
import { connectionOf, identityOf } from "../../inventory/connection.ts";
import type { Host } from "../../inventory/model.ts";
import { isApiKind } from "../../kernel/api.ts";
import { NoAnswer } from "../../kernel/fact.ts";
import { asLogin, type Connect, type Identity, type Target } from "../../kernel/target.ts";
import type { Value } from "../../kernel/value.ts";
import { type Health, health } from "./health.ts";
import { described, type Finding, verdict } from "./verdict.ts";

/** Connects one host and says what would stop a run on it. Never throws for what a host can do. */
export async function examineHost(host: Host, defaults: ConnectionDefaults, connect: Connect): Promise<Finding[]> {
  const variables = new Variables([
    valueLayer("command line", new Map(asVariables(defaults))),
    ...host.layers.map((l) => nodeLayer(l.origin, l.vars)),
  ]);
  const get = (name: string): Value | undefined => variables.get(name);
  const connection = connectionOf(host.name, get);
  if ("severity" in connection)
    return [{ level: "fail", text: connection.message, ...(connection.help !== undefined && { help: connection.help }) }];
  const target = await connect(connection);
  if ("unreachable" in target) return [{ level: "fail", text: `cannot be reached: ${target.unreachable}`, help: target.help }];
  try {
    if (isApiKind(connection.kind)) return [{ level: "ok", text: `the API (${connection.kind}) lets us in` }];
    return await examineTarget(target, identityOf(get, {}));
  } finally {
    await target.close();
  }
}

async function examineTarget(target: Target, become: Identity): Promise<Finding[]> {
  const login = await ask(target, asLogin);
  if ("level" in login) return [login];
  const findings = [ok(login), ...verdict(login.health, login.offset)];
  if (become.method === "none") return login.health.uid === 0 ? findings : [...findings, notRoot(login.health)];
  const after = await ask(target, become);
  if ("level" in after) return [...findings, { ...after, text: `cannot become ${become.user} by ${become.method}: ${after.text}` }];
  const known = new Set(findings.map((f) => f.text));
  const own = [ok(after, `by ${become.method}: `), ...verdict(after.health, after.offset)];
  return [...findings, ...own.filter((f) => !known.has(f.text))];
}

interface Asked {
  readonly health: Health;
  readonly offset: number;
}

async function ask(target: Target, as: Identity): Promise<Asked | Finding> {
  const question = health("");
  const before = Date.now();
  const done = await target.perform({ as, lane: "control", links: [], ask: [question], timeout: 60 });
  const now = (before + Date.now()) / 2000;
  if (done.status === "lost") return { level: "fail", text: done.why, help: becomeHelp(as) };
  if (done.status === "refused") return { level: "fail", text: done.why, help: done.help };
  const answer = done.answers.get(question.id);
  if (answer instanceof NoAnswer || answer === undefined)
    return { level: "fail", text: answer?.why ?? "it gave no answer", help: "is /bin/sh a POSIX shell there?" };
  const found = answer as Health;
  // The host's clock has whole seconds: half of one is added, so that an exact clock shows about zero.
  return { health: found, offset: found.clock + 0.5 - now };
}

function becomeHelp(as: Identity): string {
  if (as.method === "none") return "log in by hand and see what the shell prints, or whether it ends";
  return `give the password with -K, or let the login user run ${as.method} without one`;
}

function ok(asked: Asked, before = ""): Finding {
  return { level: "ok", text: before + described(asked.health, asked.offset) };
}

function notRoot(h: Health): Finding {
  return {
    level: "warn",
    text: `logs in as ${h.user}, which is not root`,
    help: "prove that it can become root: rempart doctor -b (with -K where sudo wants a password)",
  };
}

/** The command line's defaults as the variables that the inventory may override. */
function asVariables(d: ConnectionDefaults): [string, Value][] {
  const all: [string, Value | undefined][] = [
    ["ansible_user", d.user],
    ["ansible_become", d.become],
    ["ansible_become_user", d.becomeUser],
    ["ansible_become_method", d.becomeMethod],
    ["ansible_ssh_private_key_file", d.privateKey],
    ["ansible_connection", d.connection],
    ["ansible_password", d.password],
    ["ansible_become_password", d.becomePassword],
  ];
  return all.filter((e): e is [string, Value] => e[1] !== undefined);
}
