import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { FreeboxEmulator } from "../router/emulator/freebox.ts";
import { edge, notable } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";
import type { Played, PlayOptions } from "./play.ts";

const ca = join(mkdtempSync(join(tmpdir(), "rempart-box-")), "root.pem");
let box: FreeboxEmulator;
let emulator: CloudflareEmulator;
beforeAll(async () => {
  box = await new FreeboxEmulator().start();
  writeFileSync(ca, box.server.root);
});
beforeEach(async () => {
  box.ports = [0, 65535];
  await emulator?.stop();
  emulator = await CloudflareEmulator.start();
});
afterAll(async () => {
  expect(emulator.faults).toEqual([]);
  await emulator.stop();
  await box.server.stop();
});

/** The edge of a home whose router is a box with an API. */
function behindBox(more: object, how: PlayOptions = {}): Promise<Played> {
  const reached = { ansible_connection: "freebox", api_url: box.server.url, api_ca: ca, api_token: box.appToken };
  return edge(
    emulator,
    { ipv4: "", ...more },
    { ...how, hosts: { box: { ...reached, router: { driver: "freebox" } }, server: { ansible_connection: "local" } } },
  );
}

const records = (): string[] =>
  [...emulator.zone.records.values()].map((r) => `${r.type} ${r.name} ${r.content}${r.proxied ? " proxied" : ""}`).sort();

it("asks the router for the addresses, in a check too, and has nothing to do in a second run", { timeout: 60_000 }, async () => {
  const more = { router: { host: "box", ipv6_suffix: "::10" } };
  const check = await behindBox(more, { check: true });
  expect([check.errors, check.trouble, check.writes]).toEqual([[], "", []]);
  const first = await behindBox(more);
  expect([first.trouble, first.lines]).toEqual(["", check.lines]);
  expect(records()).toEqual([
    "A media.example.org 203.0.113.7 proxied",
    "AAAA media.example.org 2001:db8:7::10 proxied",
    "CNAME git.example.org media.example.org proxied",
  ]);
  expect(notable(await behindBox(more))).toEqual([]);
  expect(box.server.writes).toBe(0);
  const typed = await behindBox({ ...more, ipv4: "192.0.2.77" });
  expect([typed.trouble, typed.writes.length, records()[0]]).toEqual(["", 1, "A media.example.org 192.0.2.77 proxied"]);
});

it("refuses an address that the provider shares, writes nothing, and does with IPv6 alone where that is asked for", {
  timeout: 60_000,
}, async () => {
  box.ports = [16384, 32767];
  const shared = await behindBox({ router: { host: "box", ipv6_suffix: "::10" } });
  expect(shared.trouble).toContain("box has the address 203.0.113.7, which is shared");
  expect(shared.trouble).toContain("cloudflare.router.ipv4");
  expect(shared.writes).toEqual([]);
  expect((await behindBox({ router: { host: "box", ipv4: false, ipv6_suffix: "::10" } })).trouble).toBe("");
  expect(records()).toEqual(["AAAA media.example.org 2001:db8:7::10 proxied", "CNAME git.example.org media.example.org proxied"]);
});

it("wants an address from somewhere, and one that says it alone", { timeout: 60_000 }, async () => {
  expect((await behindBox({})).trouble).toContain("name the router in cloudflare.router.host");
  const twice = await behindBox({ ipv4: "192.0.2.10", follow: { host: "server", token: "another" } });
  expect(twice.trouble).toContain("leave ipv4 out");
  expect((await behindBox({ router: { host: "bix" } })).errors.join("\n")).toContain('has no "bix"');
  expect(emulator.writes).toEqual([]);
});
