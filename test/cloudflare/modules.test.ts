import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CloudflareEmulator } from "./emulator/emulator.ts";
import { play, tasks } from "./play.ts";

let emulator: CloudflareEmulator;
beforeEach(async () => {
  emulator = await CloudflareEmulator.start();
});
afterEach(async () => {
  await emulator.stop();
  expect(emulator.faults).toEqual([]);
});

const zone = "example.org";

/** One task of every module that writes, in an order that needs the earlier ones. */
const everything = tasks(
  {
    name: "token",
    cloudflare_token: { zone, areas: ["dns", "settings", "certificates", "rules", "bots", "access", "identity", "gateway", "members"] },
  },
  { name: "zone", cloudflare_zone: { name: zone, active: true } },
  { name: "codes", cloudflare_access_provider: { zone } },
  { name: "family", cloudflare_access_group: { zone, name: "family", include: { emails: ["Ada@Example.org", "bob@example.org"] } } },
  { name: "countries", cloudflare_access_group: { zone, name: "countries", include: { countries: ["fr", "BE"] } } },
  {
    name: "policy",
    cloudflare_access_policy: {
      zone,
      name: "visitors",
      include: { groups: ["family"] },
      require: { groups: ["countries"], login_methods: ["onetimepin"] },
      session_duration: "24h",
    },
  },
  {
    name: "app",
    cloudflare_access_app: {
      zone,
      host: "media.example.org",
      name: "Media",
      policies: ["visitors"],
      session_duration: "12h",
      open_paths: ["/health"],
    },
  },
  { name: "address", cloudflare_dns: { zone, name: "media.example.org", type: "A", content: "192.0.2.10", proxied: true } },
  { name: "alias", cloudflare_dns: { zone, name: "git.example.org", type: "CNAME", content: "Media.example.org.", proxied: true } },
  { name: "strict", cloudflare_setting: { zone, name: "ssl", value: "strict" } },
  { name: "universal", cloudflare_setting: { zone, name: "universal_ssl", value: true } },
  { name: "leaked", cloudflare_setting: { zone, name: "leaked_credential_checks", value: true } },
  {
    name: "custom",
    cloudflare_ruleset: {
      zone,
      phase: "http_request_firewall_custom",
      rules: [{ ref: "countries", action: "block", expression: 'not   ip.src.country in {"FR" "BE"}', description: "elsewhere" }],
    },
  },
  { name: "managed", cloudflare_ruleset: { zone, phase: "http_request_firewall_managed", rules: [{ ref: "managed", managed: "best" }] } },
  {
    name: "rate",
    cloudflare_ruleset: {
      zone,
      phase: "http_ratelimit",
      rules: [
        {
          ref: "login",
          action: "block",
          expression: 'starts_with(http.request.uri.path, "/Users/")',
          ratelimit: { period: 10, requests_per_period: 20, mitigation_timeout: 10 },
        },
      ],
    },
  },
  {
    name: "ddos",
    cloudflare_ruleset: {
      zone,
      phase: "ddos_l7",
      rules: [{ ref: "ddos", managed: "only", action_parameters: { overrides: { sensitivity_level: "default" } } }],
    },
  },
  {
    name: "cache",
    cloudflare_ruleset: {
      zone,
      phase: "http_request_cache_settings",
      rules: [
        {
          ref: "video",
          action: "set_cache_settings",
          action_parameters: { cache: false },
          expression: 'http.request.uri.path contains "/Videos/"',
        },
      ],
    },
  },
  { name: "bots", cloudflare_bots: { zone, ai_bots_protection: "block", is_robots_txt_managed: true } },
  { name: "gateway", cloudflare_gateway: { zone, activity_log: true, protocol_detection: true } },
  {
    name: "dns policy",
    cloudflare_gateway_policy: { zone, name: "malware", traffic: "any(dns.security_category[*]  in {80 83})", precedence: 100 },
  },
  {
    name: "certificate",
    cloudflare_origin_certificate: {
      zone,
      hostnames: ["example.org", "*.example.org"],
      csr: "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n",
    },
  },
  {
    name: "pulls",
    cloudflare_origin_pulls: {
      zone,
      certificate: "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
      private_key: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
    },
  },
  {
    name: "hsts",
    cloudflare_setting: { zone, name: "security_header", value: { strict_transport_security: { enabled: true, max_age: 31536000 } } },
  },
  { name: "members", cloudflare_members: { zone, second_factor: true } },
  { name: "names", cloudflare_records: { zone }, register: "names" },
);

describe.each([true, false])("every module against the API, with looking ahead %s", (lookahead) => {
  it("tells in a check what the run does, writes nothing in it, and nothing in a second run", async () => {
    emulator.zone.bots.ai_bots_protection = "disabled";
    const check = await play(emulator, everything, { check: true, lookahead });
    expect(check.errors).toEqual([]);
    expect(check.trouble).toBe("");
    expect(check.writes).toEqual([]);
    const first = await play(emulator, everything, { lookahead });
    expect(first.trouble).toBe("");
    expect(check.lines).toEqual(first.lines);
    expect(first.lines.filter((l) => !l.startsWith("changed"))).toEqual(["ok token", "ok zone", "ok universal", "ok members", "ok names"]);
    expect(first.writes).toHaveLength(first.tasks.filter((t) => t.status === "changed").length);
    const second = await play(emulator, everything, { lookahead });
    expect(second.lines.filter((l) => !l.startsWith("ok"))).toEqual([]);
    expect(second.writes).toEqual([]);
    expect(`${check.told}${first.told}${second.told}`).not.toContain("c2VjcmV0");
    expect(`${check.told}${first.told}`).not.toContain(emulator.token);
  });
});

it("tells every record of a zone, whatever its type and whoever made it", async () => {
  const record = (type: string, name: string, content: string, more: object = {}) => ({
    name,
    type,
    content,
    proxied: false,
    proxiable: false,
    ttl: 300,
    settings: {},
    meta: {},
    comment: null,
    tags: [],
    created_on: "2026-01-01T00:00:00Z",
    modified_on: "2026-01-01T00:00:00Z",
    ...more,
  });
  const there = [
    record("TXT", zone, '"v=spf1 ip4:192.0.2.10 -all"'),
    record("MX", zone, "mail.example.org", { priority: 10 }),
    record("A", "mail.example.org", "192.0.2.10", { proxiable: true }),
  ];
  for (const [i, one] of there.entries()) emulator.zone.records.set(`${i}`.repeat(32), one);
  const { trouble, tasks: done } = await play(
    emulator,
    tasks(
      { cloudflare_records: { zone }, register: "r" },
      { debug: { msg: "{{#each r.records}}{{ this.type }} {{ this.name }} {{ this.content }};{{/each}}" } },
    ),
  );
  expect(trouble).toBe("");
  expect(done[1]?.message).toBe(
    'MX example.org mail.example.org;TXT example.org "v=spf1 ip4:192.0.2.10 -all";A mail.example.org 192.0.2.10;',
  );
});
