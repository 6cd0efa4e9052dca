import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edge as playEdge } from "../edge.ts";
import { CloudflareEmulator } from "../emulator/emulator.ts";
import type { Plan } from "../emulator/state.ts";
import { checkAccess } from "./access/stored.ts";
import { checkBots } from "./rules/bots.ts";
import { activeRules } from "./rules/phases.ts";
import { checkSettings } from "./settings.ts";

let emulator: CloudflareEmulator | undefined;
beforeEach(() => {
  emulator = undefined;
});
afterEach(() => emulator?.stop());

const app = (name: string, more: object = {}) => ({
  name,
  host: `${name}.example.org`,
  access: { emails: [`${name}@example.org`], session: "90m", open_paths: ["/health", "/share/*"] },
  ...more,
});
const none = "not in this test";

/** Whatever the role can be asked for. */
const asked: readonly (readonly [string, object, Plan?])[] = [
  ["as in the tests of the role", {}],
  ["on the plan Pro", {}, "pro"],
  ["visitors from anywhere", { countries: [] }],
  [
    "paths left open, many applications",
    { apps: ["a", "b", "c", "d"].map((name) => app(name, { limits: { login_paths: ["/A(b)c'é"] } })) },
  ],
  ["no login before one", { apps: [app("a"), app("b", { access: { waived: "a public page" } })] }],
  ["all of TLS", { tls: { minimum: "1.3", hsts_seconds: 63_072_000, hsts_subdomains: true } }],
  ["bots challenged", { bots: { fight: true, ai: "disabled" } }],
  ["on the LAN only", { mode: "lan-only" }],
  ["the gateway", { gateway: { enabled: true } }],
  [
    "next to nothing",
    {
      waived: Object.fromEntries(
        ["tls", "origin_pulls", "access", "firewall", "limits", "ddos", "cache", "bots"].map((part) => [part, none]),
      ),
    },
  ],
];

describe("what the role cloudflare stores is understood whole", () => {
  it.each(asked.map(([what, options, plan]) => ({ what, options, plan })))(
    "$what",
    { timeout: 60_000 },
    async ({ options, plan = "free" }) => {
      emulator = await CloudflareEmulator.start({ plan });
      expect((await playEdge(emulator, options)).trouble).toBe("");
      checkSettings(emulator.zone);
      checkBots(emulator.zone);
      checkAccess(emulator.account);
      const waived = "waived" in options;
      const rules = Object.values(activeRules(emulator.zone)).flat();
      if (waived) expect(rules).toEqual([]);
      else
        expect(rules.map((rule) => rule.ref)).toEqual(
          expect.arrayContaining(["rempart_ddos", "rempart_managed", "rempart_probes", "rempart_video"]),
        );
      expect(emulator.faults).toEqual([]);
    },
  );
});
