import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edge, notable, options } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";
import type { Json } from "./emulator/reply.ts";
import { stored } from "./emulator/stored.ts";

let emulator: CloudflareEmulator;
beforeEach(async () => {
  emulator = await CloudflareEmulator.start();
});
afterEach(async () => {
  await emulator.stop();
  expect(emulator.faults).toEqual([]);
});

const rules = (phase: string): Json[] => emulator.zone.rulesets.get(phase)?.rules ?? [];
const records = (): string[] =>
  [...emulator.zone.records.values()].map((r) => `${r.type} ${r.name} ${r.content}${r.proxied ? " proxied" : ""}`).sort();

describe("the role cloudflare", () => {
  it("is told whole by a check, converges, and has nothing to write in a second run", async () => {
    const check = await edge(emulator, {}, { check: true });
    expect([check.errors, check.trouble, check.writes]).toEqual([[], "", []]);
    const first = await edge(emulator);
    expect(first.trouble).toBe("");
    expect(check.lines).toEqual(first.lines);
    expect(first.writes).toHaveLength(22);
    const second = await edge(emulator);
    expect(notable(second)).toEqual([]);
    expect(second.writes).toEqual([]);
    // One list answers for all of its objects, however many tasks ask, and what was foreseen is not read again.
    expect(first.seen.length).toBeLessThanOrEqual(150);
    expect(second.seen.length).toBeLessThanOrEqual(40);
    for (const told of [check.told, first.told, second.told]) expect(told).not.toContain(emulator.token);
  });

  it("leaves names that hide the address, a login before each, and rules for the zone's plan", async () => {
    expect((await edge(emulator)).trouble).toBe("");
    expect(records()).toEqual(["A media.example.org 192.0.2.10 proxied", "CNAME git.example.org media.example.org proxied"]);
    const { apps, policies, groups } = emulator.account;
    expect(
      [...apps.values()].map((a) => [a.domain, a.policies.map((p: Json) => p.name), a.auto_redirect_to_identity, a.session_duration]),
    ).toEqual([
      ["media.example.org", ["rempart media"], true, "1440m0s"],
      ["git.example.org", ["rempart git"], true, "720m0s"],
    ]);
    const countries = [...groups].find(([, g]) => g.name === "rempart countries")?.[0];
    for (const policy of policies.values()) expect(policy.require).toContainEqual({ group: { id: countries } });
    expect([...groups.values()].find((g) => g.name === "rempart media people")?.include).toEqual([
      { email: { email: "ada@example.org" } },
      { email: { email: "bob@example.org" } },
    ]);
    const setting = (name: string): Json => emulator.zone.settings.get(name).value;
    expect(["ssl", "ssl_automatic_mode", "min_tls_version", "always_use_https", "tls_client_auth"].map(setting)).toEqual([
      "strict",
      "custom",
      "1.2",
      "on",
      "on",
    ]);
    expect(setting("security_header").strict_transport_security).toMatchObject({
      enabled: true,
      max_age: 15552000,
      include_subdomains: false,
      preload: false,
    });
    expect(rules("http_request_firewall_custom").map((r) => r.ref)).toEqual(["rempart_countries", "rempart_probes"]);
    expect(rules("http_request_firewall_custom")[0].expression).toContain(
      'http.host in {"media.example.org" "git.example.org"} and not ip.src.country in {"FR" "BE"}',
    );
    expect(rules("http_request_firewall_managed")[0].action_parameters.id).toBe("77454fe2d30c4220b5701f6fdfb893ba");
    expect(rules("http_ratelimit")).toMatchObject([{ ratelimit: { requests_per_period: 40, period: 10 } }]);
    expect(rules("http_ratelimit")[0].expression).toBe(
      'starts_with(lower(http.request.uri.path), "/users/authenticatebyname") or starts_with(lower(http.request.uri.path), "/system/")',
    );
  });

  it("puts the login before the name, and HSTS last", async () => {
    const { writes } = await edge(emulator);
    const last = (part: string): number => writes.findLastIndex((w) => w.includes(part));
    const firstName = writes.findIndex((w) => w.includes("/dns_records"));
    for (const before of ["/access/apps", "/access/policies", "/settings/ssl", "/rulesets/", "/bot_management"])
      expect(last(before), before).toBeLessThan(firstName);
    expect(writes.at(-1)).toContain("/settings/security_header");
  });

  it("leaves names, rules, groups and applications of others as they are", async () => {
    const zone = emulator.zone;
    zone.records.set("a".repeat(32), {
      name: "mail.example.org",
      type: "MX",
      content: "mx.example.net",
      priority: 10,
      proxied: false,
      proxiable: false,
      ttl: 300,
      settings: {},
      meta: {},
      comment: null,
      tags: [],
      created_on: "2026-01-01T00:00:00Z",
      modified_on: "2026-01-01T00:00:00Z",
    });
    const foreign = {
      id: "b".repeat(32),
      ref: "b".repeat(32),
      action: "block",
      expression: "ip.src   eq 198.51.100.7",
      description: "by hand",
      enabled: true,
      version: "3",
      last_updated: "2026-01-01T00:00:00Z",
    };
    zone.rulesets.set("http_request_firewall_custom", {
      id: "c".repeat(32),
      name: "default",
      description: "",
      kind: "zone",
      phase: "http_request_firewall_custom",
      version: "9",
      last_updated: "2026-01-01T00:00:00Z",
      rules: [foreign],
    });
    emulator.account.groups.set("11111111-1111-4111-8111-111111111111", {
      name: "friends",
      include: [{ email: { email: "eve@example.org" } }],
      require: [],
      exclude: [],
    });
    const before = stored(emulator);
    expect((await edge(emulator)).trouble).toBe("");
    expect(rules("http_request_firewall_custom")[0]).toMatchObject({
      id: foreign.id,
      ref: foreign.ref,
      expression: "ip.src eq 198.51.100.7",
      description: "by hand",
      version: "3",
    });
    expect(rules("http_request_firewall_custom").map((r) => r.ref)).toEqual([foreign.ref, "rempart_countries", "rempart_probes"]);
    expect(notable(await edge(emulator))).toEqual([]);
    // And goes without a trace, but for the settings.
    const gone = await edge(emulator, { state: "absent" });
    expect(gone.trouble).toBe("");
    const after = stored(emulator);
    expect(after.zone.records).toEqual(before.zone.records);
    expect(after.account.groups).toEqual(before.account.groups);
    expect([after.account.apps, after.account.policies]).toEqual([[], []]);
    expect(Object.values(after.rules).flat()).toMatchObject([{ ref: foreign.ref }]);
    expect(notable(await edge(emulator, { state: "absent" }))).toEqual([]);
  });

  it("takes the names away first when it goes", async () => {
    await edge(emulator);
    const { writes } = await edge(emulator, { state: "absent" });
    expect(writes.slice(0, 2).every((w) => w.startsWith("DELETE") && w.includes("/dns_records/"))).toBe(true);
    expect(writes.slice(2).some((w) => w.includes("/dns_records/"))).toBe(false);
  });

  it("takes away an application that is not declared any more, its name first, and a group that nothing needs", async () => {
    await edge(emulator);
    const less = await edge(emulator, { apps: [options.apps[0]], countries: [] });
    expect(less.trouble).toBe("");
    expect(records()).toEqual(["A media.example.org 192.0.2.10 proxied"]);
    expect([...emulator.account.apps.values()].map((a) => a.domain)).toEqual(["media.example.org"]);
    expect([...emulator.account.policies.values()].map((p) => p.name)).toEqual(["rempart media"]);
    expect([...emulator.account.groups.values()].map((g) => g.name)).toEqual(["rempart media people"]);
    const removals = less.writes.filter((w) => w.startsWith("DELETE"));
    expect(removals.map((w) => w.split("/").at(-2))).toEqual(["dns_records", "apps", "policies", "groups", "groups"]);
    expect(notable(await edge(emulator, { apps: [options.apps[0]], countries: [] }))).toEqual([]);
  });

  it("does and tells the same without looking ahead", { timeout: 60_000 }, async () => {
    const plain = await CloudflareEmulator.start();
    try {
      const [ahead, step] = [await edge(emulator), await edge(plain, {}, { lookahead: false })];
      expect(step.lines).toEqual(ahead.lines);
      expect(stored(plain)).toEqual(stored(emulator));
    } finally {
      await plain.stop();
    }
  });

  it("shows a client certificate of its own once the whole edge has it, and never its key", async () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----";
    const tls = { pulls_certificate: "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", pulls_key: key };
    const runs = [await edge(emulator, { tls }, { check: true }), await edge(emulator, { tls }), await edge(emulator, { tls })];
    expect(runs.map((r) => r.trouble)).toEqual(["", "", ""]);
    expect(emulator.zone.originPulls).toBe(true);
    expect(notable(await edge(emulator, { tls }))).toEqual([]);
    for (const run of runs) expect(run.told).not.toContain("MIGHAgEAMBMGByqGSM49");
  });
});

describe("the role cloudflare on a zone of the plan Pro", () => {
  it("has a limit of its own for logins, and the better rules", async () => {
    const pro = await CloudflareEmulator.start({ plan: "pro" });
    try {
      expect((await edge(pro)).trouble).toBe("");
      expect(pro.zone.rulesets.get("http_ratelimit").rules.map((r: Json) => r.ref)).toEqual(["rempart_logins", "rempart_requests"]);
      expect(pro.zone.rulesets.get("http_request_firewall_managed").rules[0].action_parameters.id).toBe("efb7b8c949ac4650a09736fc376e9aee");
      expect(notable(await edge(pro))).toEqual([]);
      expect(pro.faults).toEqual([]);
    } finally {
      await pro.stop();
    }
  });
});
