import type { CloudflareEmulator } from "../emulator/emulator.ts";
import type { Gate } from "./access/gate.ts";
import { checkAccess } from "./access/stored.ts";
import { teamAnswer } from "./access/team.ts";
import { type Answer, blocked, page, redirect } from "./answer.ts";
import { isProxied } from "./names.ts";
import { botAnswer, checkBots } from "./rules/bots.ts";
import type { Limits } from "./rules/limits.ts";
import { type ActiveRule, activeRules, type Phase } from "./rules/phases.ts";
import { probeIn } from "./rules/probes.ts";
import { checkSettings, setting } from "./settings.ts";
import type { Visit } from "./visit.ts";

/** A request that reaches the server. */
export interface Through {
  readonly through: true;
  /** Headers for the server. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a cache rule keeps the answer out of the cache. */
  readonly bypassesCache: boolean;
}

export interface Layers {
  readonly emulator: CloudflareEmulator;
  readonly gate: Gate;
  readonly limits: Limits;
}

/** Bytes of a request's body that the plans Free and Pro let through. */
const largest = 100_000_000;

/** What becomes of a request, layer by layer in Cloudflare's order. Throws NotKnown before any layer acts when something stored is not understood. */
export async function decide(visit: Visit, { emulator, gate, limits }: Layers): Promise<Answer | Through> {
  const { zone, account } = emulator;
  const { fields } = visit;
  checkSettings(zone);
  checkBots(zone);
  checkAccess(account);
  const rules = activeRules(zone);
  if (visit.request.rawHeaders.filter((word, i) => i % 2 === 0 && word.toLowerCase() === "host").length !== 1)
    return page(400, "malformed request", "Bad request");
  if (fields.host === gate.teamHost) {
    if (!fields.ssl) return redirect(301, "https redirect", `https://${fields.host}${visit.target}`);
    return teamAnswer(visit, gate, account);
  }
  if (!isProxied(zone, fields.host)) return page(403, "no such name", "Direct access not allowed");
  if (!fields.ssl && setting(zone, "always_use_https") === "on")
    return redirect(301, "https redirect", `https://${fields.host}${visit.target}`);
  const fitting = (phase: Phase): readonly ActiveRule[] => rules[phase].filter((rule) => rule.test(fields));
  const [custom] = fitting("http_request_firewall_custom");
  if (custom) return blocked(`custom rule ${custom.ref}`);
  for (const rule of fitting("http_ratelimit")) {
    const seconds = limits.count(rule, fields.ip);
    if (seconds > 0) return page(429, `rate limit ${rule.ref}`, "You are being rate limited", "", { "retry-after": String(seconds) });
  }
  const probe = fitting("http_request_firewall_managed").length > 0 ? probeIn(visit.target, visit.request.rawHeaders) : undefined;
  if (probe !== undefined) return blocked(`managed rules: ${probe}`);
  const bot = botAnswer(zone, fields);
  if (bot) return bot;
  if (fields.path === "/cdn-cgi/trace") return trace(visit);
  const passed = gate.try(visit);
  if ("status" in passed) return passed;
  if (fields.path.startsWith("/cdn-cgi/")) return page(404, "no such page of the edge", "Not found");
  if (Number(visit.headers["content-length"] ?? 0) > largest) return page(413, "body too large", "Payload too large");
  return { through: true, headers: passed.headers, bypassesCache: fitting("http_request_cache_settings").length > 0 };
}

/** What every name at the edge tells about the visitor. */
function trace({ fields }: Visit): Answer {
  const said = { h: fields.host, ip: fields.ip, visit_scheme: fields.ssl ? "https" : "http", uag: fields.userAgent, loc: fields.country };
  const body = Object.entries(said).map(([name, value]) => `${name}=${value}\n`);
  return { status: 200, by: "trace", body: body.join(""), headers: { "content-type": "text/plain" } };
}
