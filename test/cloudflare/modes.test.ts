import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { edge, notable, options } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";

let emulator: CloudflareEmulator;
beforeEach(async () => {
  emulator = await CloudflareEmulator.start();
});
afterEach(async () => {
  await emulator.stop();
  expect(emulator.faults).toEqual([]);
});

const records = (): string[] =>
  [...emulator.zone.records.values()].map((r) => `${r.type} ${r.name} ${r.content}${r.proxied ? " proxied" : ""}`).sort();

describe("the role cloudflare, otherwise", () => {
  it("has no name of an application in mode lan-only, and gives it back in mode direct", async () => {
    await edge(emulator);
    const hidden = await edge(emulator, { mode: "lan-only", ipv4: "" });
    expect(hidden.trouble).toBe("");
    expect(records()).toEqual([]);
    expect(hidden.writes).toHaveLength(2);
    expect((await edge(emulator)).writes).toHaveLength(2);
  });

  it("knows the mode tunnel not yet, and says so before anything is connected", async () => {
    const { errors, seen } = await edge(emulator, { mode: "tunnel" });
    expect(errors.join("\n")).toContain("direct");
    expect(seen).toEqual([]);
  });

  it("follows a new address with one write", async () => {
    await edge(emulator);
    const moved = await edge(emulator, { ipv4: "192.0.2.99" });
    expect(moved.writes).toHaveLength(1);
    expect(records()).toContain("A media.example.org 192.0.2.99 proxied");
    expect(records()).toContain("CNAME git.example.org media.example.org proxied");
  });
  it.each(["tls", "origin_pulls", "access", "firewall", "limits", "ddos", "cache", "bots", "second_factor"])(
    "does without %s where that is waived",
    async (layer) => {
      const only = Object.fromEntries(
        ["tls", "origin_pulls", "access", "firewall", "limits", "ddos", "cache", "bots", "second_factor"]
          .filter((l) => l !== layer)
          .map((l) => [l, "a test"]),
      );
      const alone = await edge(emulator, { waived: only });
      expect(alone.trouble).toBe("");
      expect(records()).toHaveLength(2);
      expect(notable(await edge(emulator, { waived: only }))).toEqual([]);
    },
  );

  it("wants to hear that the owner knows what the terms say of video", async () => {
    const told = await edge(emulator, { accepted: { video: "" } });
    expect(told.trouble).toContain("cloudflare.accepted.video");
    expect(told.writes).toEqual([]);
    expect((await edge(emulator, { accepted: { video: "" }, apps: [options.apps[1]] })).trouble).toBe("");
  });
});
