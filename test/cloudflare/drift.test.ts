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
