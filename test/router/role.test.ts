import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { FreeboxEmulator } from "./emulator/freebox.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "rempart-role-"));
let box: FreeboxEmulator;
beforeAll(async () => {
  box = await new FreeboxEmulator().start();
  writeFileSync(join(folder, "root.pem"), box.server.root);
});
afterAll(() => box.server.stop());

/** Runs the playbook of the role on the emulated box, as a person would. */
async function run(
  options: object,
  ...words: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly told: string; readonly changes: readonly string[] }> {
  const router = {
    ansible_connection: "freebox",
    api_url: box.server.url,
    api_ca: join(folder, "root.pem"),
    api_token: box.appToken,
    router: {
      driver: "freebox",
      reservations: [{ name: "server", mac: "02:00:00:00:00:0a", ip: "192.168.1.10" }],
      forwards: [{ name: "https", wan_port: "443", to: "192.168.1.10" }],
      ...options,
    },
  };
  const inventory = join(folder, "inventory.yml");
  writeFileSync(inventory, JSON.stringify({ all: { hosts: { router } } }));
  const done = await $({
    cwd: root,
    quiet: true,
    nothrow: true,
  })`node_modules/.bin/node src/cli/main.ts run playbooks/router.yml -i ${inventory} --output json ${words}`;
  const events = done.stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Record<string, unknown>]));
  return {
    exitCode: done.exitCode,
    told: done.stdout + done.stderr,
    changes: events.filter((e) => e.event === "task" && e.status === "changed").map((e) => String(e.task)),
  };
}

const entries = ["Reserve addresses", "Open what is declared, and nothing else of ours"];

test("the role works on a router that is an API: check, run, and a second run that writes nothing", { timeout: 120_000 }, async () => {
  const check = await run({}, "--check");
  expect(check.changes, check.told).toEqual(entries);
  expect(box.server.writes).toBe(0);
  const first = await run({});
  expect(first.exitCode, first.told).toBe(0);
  expect(first.changes).toEqual(entries);
  expect(box.server.writes).toBe(2);
  const second = await run({});
  expect(second.exitCode, second.told).toBe(0);
  expect(second.changes).toEqual([]);
  expect(box.server.writes).toBe(2);
  expect(second.told).not.toContain(box.appToken);
});

test("an application that somebody opened, and an IPv6 firewall that is off, are failures", { timeout: 120_000 }, async () => {
  box.add({
    enabled: true,
    ip_proto: "tcp",
    wan_port_start: 8096,
    wan_port_end: 8096,
    lan_ip: "192.168.1.20",
    lan_port: 8096,
    src_ip: "0.0.0.0",
    comment: "direct",
  });
  const open = await run({});
  expect(open.exitCode).toBe(1);
  expect(open.told).toContain("open to everybody: direct: tcp 8096 to 192.168.1.20:8096");
  box.ipv6Firewall = false;
  const gone = await run({ foreign_absent: ["direct"] });
  expect(gone.told).toContain("the router's IPv6 firewall is off");
  box.ipv6Firewall = true;
  expect(box.redirections.map((r) => r.comment)).toEqual(["rempart: https"]);
});

test("state: absent takes away what is ours", { timeout: 120_000 }, async () => {
  const gone = await run({ state: "absent" });
  expect(gone.exitCode, gone.told).toBe(0);
  expect([box.redirections, box.leases]).toEqual([[], []]);
});
