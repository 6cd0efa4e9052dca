import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edge, notable } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";
import type { Json } from "./emulator/reply.ts";
import { hexId, member } from "./emulator/state.ts";
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

describe("the role cloudflare", () => {
  const breaks: readonly (readonly [string, () => void, string])[] = [
    [
      "the mode of encryption",
      () => Object.assign(emulator.zone.settings.get("ssl"), { value: "flexible" }),
      "The edge checks the server's certificate",
    ],
    [
      "a name that shows the address",
      () =>
        void Object.assign(
          [...emulator.zone.records.values()].find((r) => r.type === "A"),
          { proxied: false, ttl: 300 },
        ),
      "The first name has the router's address",
    ],
    [
      "a policy that lets everybody in",
      () => void Object.assign([...emulator.account.policies.values()][0], { decision: "bypass" }),
      "People and, where asked for, countries are let in",
    ],
    [
      "an application that asks for no login",
      () => void emulator.account.apps.delete([...emulator.account.apps.keys()][1] ?? ""),
      "A login stands before each application",
    ],
    [
      "a rule that was turned off",
      () => Object.assign(rules("http_request_firewall_custom")[1], { enabled: false }),
      "Other countries and scanners are turned away",
    ],
    [
      "a looser limit",
      () => Object.assign(rules("http_ratelimit")[0].ratelimit, { requests_per_period: 9000 }),
      "Who asks too often waits",
    ],
    [
      "somebody more in a group",
      () =>
        void [...emulator.account.groups.values()]
          .find((g) => g.name.endsWith("git people"))
          ?.include.push({ email: { email: "eve@example.org" } }),
      "Who may log in",
    ],
  ];
  it("names each part that was broken by hand, alone, and repairs it", { timeout: 60_000 }, async () => {
    await edge(emulator);
    const good = stored(emulator);
    for (const [what, breakIt, task] of breaks) {
      breakIt();
      const check = await edge(emulator, {}, { check: true });
      expect([...new Set(notable(check))], what).toEqual([`changed ${task}`]);
      expect(check.writes, what).toEqual([]);
      expect((await edge(emulator)).writes, what).toHaveLength(1);
      expect(stored(emulator), what).toEqual(good);
    }
  });

  it("names all else that can be broken by hand, all at once, and repairs it", { timeout: 60_000 }, async () => {
    const notice = { date: "2026-11-01", text: "Le trafic de cet appareil est inspecté. This device's traffic is inspected." };
    emulator.account.gatewayCertificates.set("22222222-2222-4222-8222-222222222222", {
      binding_status: "available",
      in_use: true,
      type: "gateway_managed",
    });
    const more = { ipv6: "2001:db8::10", gateway: { enabled: true, tls_decrypt: true, antivirus: true, notice } };
    expect((await edge(emulator, more)).trouble).toBe("");
    const good = stored(emulator);
    const { zone, account } = emulator;
    const set = (name: string, value: unknown) => Object.assign(zone.settings.get(name), { value });
    set("ssl_automatic_mode", "auto");
    set("min_tls_version", "1.0");
    for (const name of ["tls_1_3", "always_use_https", "automatic_https_rewrites", "opportunistic_encryption", "tls_client_auth"])
      set(name, "off");
    set("security_header", {
      strict_transport_security: { enabled: false, max_age: 0, include_subdomains: false, preload: false, nosniff: false },
    });
    Object.assign(zone, { universalSsl: false, leakedCredentials: false });
    Object.assign(zone.bots, { ai_bots_protection: "disabled", fight_mode: true });
    for (const phase of ["http_request_firewall_managed", "ddos_l7", "http_request_cache_settings"])
      Object.assign(rules(phase)[0], { enabled: false });
    for (const record of zone.records.values()) if (record.type !== "A") Object.assign(record, { proxied: false, ttl: 300 });
    [...account.groups.values()].find((g) => g.name === "rempart countries")?.include.push({ geo: { country_code: "XX" } });
    account.identityProviders.clear();
    account.gatewayRules.clear();
    Object.assign(account.gatewaySettings.activity_log, { enabled: false });
    Object.assign(account.gatewaySettings.antivirus, { enabled_upload_phase: false });
    const named = [
      "Rules that Cloudflare keeps against known attacks",
      "The protection against floods stays at its strictest",
      "Video is not kept in the cache",
      "The mode of encryption is ours to choose",
      "Visitors get a certificate",
      "Old TLS is not spoken",
      "New TLS is spoken",
      "HTTP leads to HTTPS",
      "Addresses in pages are made HTTPS",
      "Browsers are told that HTTPS is there",
      "The edge shows Cloudflare's client certificate to the server",
      "Codes are sent by e-mail",
      "From where",
      // Both name the codes by an identifier that went with them.
      "People and, where asked for, countries are let in",
      "A login stands before each application",
      "Robots that collect for language models are treated as asked for",
      "Visitors that look like a bot are treated as asked for",
      "Stolen passwords are recognised",
      "The first name has the server's IPv6 address",
      "The other names follow it",
      "Browsers insist on HTTPS",
      "Names that spread malware are not resolved",
      "What devices do is logged",
      "Malware is looked for in what devices fetch and send",
    ].map((task) => `changed ${task}`);
    const check = await edge(emulator, more, { check: true });
    expect([check.trouble, check.writes, notable(check)]).toEqual(["", [], named]);
    const repair = await edge(emulator, more);
    expect([repair.trouble, notable(repair)]).toEqual(["", named]);
    // What fight mode forces on stays on.
    Object.assign(zone.bots, { enable_js: false });
    expect(stored(emulator)).toEqual(good);
  });

  it("writes nothing while the token lacks a permission, and names it", async () => {
    emulator.forbidden = (_method, path) => path.includes("/rulesets/phases/");
    const told = await edge(emulator);
    expect(told.trouble).toContain("Zone WAF Write");
    expect(told.writes).toEqual([]);
  });

  it("writes nothing when the plan has no room for the rules, those of others counted", async () => {
    const foreign = (i: number): Json => ({
      id: hexId(),
      ref: `by hand ${i}`,
      action: "block",
      expression: `ip.src eq 198.51.100.${i}`,
      enabled: true,
      version: "1",
      last_updated: "2026-01-01T00:00:00Z",
    });
    const phase = "http_request_firewall_custom";
    emulator.zone.rulesets.set(phase, {
      id: hexId(),
      name: "default",
      description: "",
      kind: "zone",
      phase,
      version: "1",
      last_updated: "2026-01-01T00:00:00Z",
      rules: [1, 2, 3, 4].map(foreign),
    });
    const told = await edge(emulator);
    expect(told.trouble).toContain("the plan free allows 5 custom rules and there would be 6");
    expect(told.writes).toEqual([]);
  });

  it("writes nothing while Zero Trust was never opened, and says where", async () => {
    emulator.account.organization = null;
    const told = await edge(emulator);
    expect(told.trouble).toContain("open Zero Trust in Cloudflare's dashboard once");
    expect(told.writes.filter((w) => w.includes("/access/") || w.includes("/dns_records"))).toEqual([]);
  });

  it("fails for a member with a password alone, and passes when that is waived with a reason", async () => {
    emulator.account.members.push(member("helper@example.org", false));
    expect((await edge(emulator)).trouble).toContain("helper@example.org may change this account with a password alone");
    expect((await edge(emulator, { waived: { second_factor: "she leaves at the end of the month" } })).trouble).toBe("");
  });

  it("opens no encrypted traffic before the people concerned were told", async () => {
    const refused = await edge(emulator, { gateway: { enabled: true, tls_decrypt: true } });
    expect(refused.errors.join("\n")).toContain("the people concerned were told");
    expect(refused.seen).toEqual([]);
    const notice = { date: "2026-11-01", text: "Le trafic de cet appareil est inspecté. This device's traffic is inspected." };
    emulator.account.gatewayCertificates.set("22222222-2222-4222-8222-222222222222", {
      binding_status: "available",
      in_use: true,
      type: "gateway_managed",
    });
    expect((await edge(emulator, { gateway: { enabled: true, tls_decrypt: true, antivirus: true, notice } })).trouble).toBe("");
    expect(emulator.account.gatewaySettings).toMatchObject({
      tls_decrypt: { enabled: true },
      antivirus: { enabled_download_phase: true, fail_closed: false },
      block_page: { version: 1 },
    });
    expect(notable(await edge(emulator, { gateway: { enabled: true, tls_decrypt: true, antivirus: true, notice } }))).toEqual([]);
  });
});
