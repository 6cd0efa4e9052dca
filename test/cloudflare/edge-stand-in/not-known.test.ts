import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { edge as playEdge } from "../edge.ts";
import type { Json } from "../emulator/reply.ts";
import { startOnLoopback, visit } from "./clients.ts";

let running: Awaited<ReturnType<typeof startOnLoopback>>;
beforeAll(async () => {
  running = await startOnLoopback({});
  const { token, seen } = running.edge.emulator;
  expect((await playEdge({ url: running.url, token, seen })).trouble).toBe("");
}, 60_000);
afterAll(() => running.stop());
beforeEach(() => running.edge.front.unknown.clear());

const stored = (): Json => running.edge.emulator;
const custom = (): Json => stored().zone.rulesets.get("http_request_firewall_custom").rules[1];
const rate = (): Json => stored().zone.rulesets.get("http_ratelimit").rules[0];
const setting = (id: string): Json => stored().zone.settings.get(id);
const first = (map: Map<string, Json>): Json => [...map.values()][0];

/** What is changed, how, and what the stand-in then names. */
const strange: readonly (readonly [string, () => Json, string, unknown, string])[] = [
  ["an expression", custom, "expression", 'http.host eq "nobody" and http.cookie contains "a"', "the field http.cookie"],
  ["an action", custom, "action", "managed_challenge", "managed_challenge"],
  ["a parameter of an action", custom, "action_parameters", { response: {} }, "the key action_parameters"],
  ["a way to count", () => rate().ratelimit, "characteristics", ["cf.colo.id", "http.host"], "http.host"],
  ["a counting expression", () => rate().ratelimit, "counting_expression", "ssl", "the key counting_expression"],
  ["a cached answer", () => stored().zone.rulesets.get("http_request_cache_settings").rules[0].action_parameters, "cache", true, "true"],
  [
    "an override",
    () => stored().zone.rulesets.get("http_request_firewall_managed").rules[0].action_parameters,
    "overrides",
    {},
    "the key overrides",
  ],
  [
    "another ruleset",
    () => stored().zone.rulesets.get("http_request_firewall_managed").rules[0].action_parameters,
    "id",
    "0".repeat(32),
    "00",
  ],
  ["a mode of encryption", () => setting("ssl"), "value", "flexible", "the setting ssl"],
  ["a level of security", () => setting("security_level"), "value", "under_attack", "the setting security_level"],
  ["a part of bot management", () => stored().zone.bots, "sbfm_likely_automated", "block", "the key sbfm_likely_automated"],
  ["a zone that waits", () => stored().zone, "status", "pending", "a zone that is pending"],
  ["a condition of a group", () => first(stored().account.groups).include, "0", { certificate: {} }, "the key certificate"],
  ["a condition of a policy", () => first(stored().account.policies), "require", [{ auth_method: {} }], "the key auth_method"],
  ["a decision", () => first(stored().account.policies), "decision", "non_identity", "non_identity"],
  ["a kind of application", () => first(stored().account.apps), "type", "ssh", "ssh"],
  ["a demand of an application", () => first(stored().account.apps), "mfa_config", {}, "the key mfa_config"],
  [
    "a path left open",
    () => first(stored().account.apps).destinations[0],
    "overrides",
    [{ path_pattern: "/*/a", behavior: "public" }],
    "/*/a",
  ],
  ["another way to log in", () => first(stored().account.identityProviders), "type", "github", "github"],
  ["a wish of the organisation", () => stored().account.organization, "deny_unmatched_requests", true, "deny_unmatched_requests"],
];

it.each(strange)("%s that it does not know: 501 for every visitor, and it is kept", async (_what, of, key, value, named) => {
  const object = of();
  const had = Object.hasOwn(object, key);
  const before = object[key];
  object[key] = value;
  try {
    const got = await visit(running.edge, "media.example.org/");
    expect([got.status, got.body]).toEqual([501, expect.stringContaining(named)]);
    expect([...running.edge.front.unknown]).toEqual([expect.stringContaining(named)]);
    expect(running.edge.front.requests.at(-1)).toMatchObject({ status: 501, by: "unknown" });
  } finally {
    if (had) object[key] = before;
    else delete object[key];
  }
});

it("another phase, and another setting", async () => {
  const { zone } = running.edge.emulator;
  const rule = { id: "a", ref: "a", action: "rewrite", expression: "true", enabled: true };
  zone.rulesets.set("http_request_transform", { rules: [rule] });
  expect((await visit(running.edge, "media.example.org/")).body).toContain("the phase http_request_transform");
  zone.rulesets.set("http_request_transform", { rules: [{ ...rule, enabled: false }] });
  expect((await visit(running.edge, "media.example.org/")).body).toContain("the phase http_request_transform");
  zone.rulesets.delete("http_request_transform");
  zone.settings.set("mirage", { id: "mirage", value: "on" });
  expect((await visit(running.edge, "media.example.org/")).body).toContain("the setting mirage");
  zone.settings.delete("mirage");
  expect((await visit(running.edge, "media.example.org/")).status).toBe(302);
});
