import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { edge, notable, options } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";

it("makes the server's key on the server, lets Cloudflare sign the request, and brings the certificate back", {
  timeout: 60_000,
}, async () => {
  const emulator = await CloudflareEmulator.start();
  const folder = join(mkdtempSync(join(tmpdir(), "rempart-origin-")), "tls");
  try {
    const hosts = { server: { ansible_connection: "local" } };
    const more = { tls: { origin: { host: "server", folder } } };
    const check = await edge(emulator, more, { check: true, hosts });
    expect([check.errors, check.trouble, check.writes]).toEqual([[], "", []]);
    const first = await edge(emulator, more, { hosts });
    expect(first.trouble).toBe("");
    const [made] = [...emulator.account.originCertificates.values()];
    expect(made.hostnames.toSorted()).toEqual(["*.example.org", "example.org"]);
    expect(readFileSync(join(folder, "origin.crt"), "utf8")).toBe(made.certificate);
    expect(statSync(join(folder, "origin.key")).mode & 0o777).toBe(0o600);
    const key = execFileSync("openssl", ["pkey", "-in", join(folder, "origin.key"), "-pubout"]).toString();
    expect(execFileSync("openssl", ["req", "-noout", "-pubkey"], { input: made.csr }).toString()).toBe(key);
    const secret = readFileSync(join(folder, "origin.key"), "utf8").split("\n")[1] ?? "";
    expect(`${first.told}${JSON.stringify(emulator.seen)}`).not.toContain(secret);
    const second = await edge(emulator, more, { hosts });
    expect([notable(second), second.writes]).toEqual([[], []]);
    // Lost at Cloudflare: the check knows that there will be another one, and not which.
    emulator.account.originCertificates.clear();
    const again = await edge(emulator, more, { check: true, hosts });
    expect(notable(again)).toEqual(["changed Cloudflare signs it", "maybe The server has the certificate"]);
    expect((await edge(emulator, more, { hosts })).trouble).toBe("");
    expect(notable(await edge(emulator, more, { hosts }))).toEqual([]);
    expect(emulator.faults).toEqual([]);
  } finally {
    await emulator.stop();
  }
});

it("leaves what is set up as JSON for the backup: the same in every run, without identifiers, for its owner only", {
  timeout: 60_000,
}, async () => {
  const emulator = await CloudflareEmulator.start();
  const path = join(mkdtempSync(join(tmpdir(), "rempart-readback-")), "edge/cloudflare.json");
  try {
    const hosts = { server: { ansible_connection: "local" } };
    const more = { readback: { host: "server", path } };
    expect((await edge(emulator, more, { check: true, hosts })).trouble).toBe("");
    expect((await edge(emulator, more, { hosts })).trouble).toBe("");
    const text = readFileSync(path, "utf8");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const all = JSON.parse(text);
    expect(Object.keys(all.apps)).toEqual(["git.example.org", "media.example.org"]);
    expect(all.policies["rempart media"].require).toContainEqual({ group: { name: "rempart countries" } });
    expect(all.records).toContainEqual(
      expect.objectContaining({ type: "A", name: "media.example.org", content: "192.0.2.10", comment: "rempart" }),
    );
    expect(all.settings.ssl).toEqual({ known: true, value: "strict", editable: true });
    expect(all.rules.http_ratelimit.rules[0].ref).toBe("rempart_requests");
    for (const { id } of emulator.zone.rulesets.values()) expect(text).not.toContain(id);
    for (const id of [...emulator.account.groups.keys(), ...emulator.zone.records.keys()]) expect(text).not.toContain(id);
    expect(notable(await edge(emulator, more, { hosts }))).toEqual([]);
    // A change by somebody else is one more line in the next one.
    emulator.zone.settings.get("security_level").value = "under_attack";
    expect(notable(await edge(emulator, more, { hosts }))).toEqual(["changed The backup finds it there"]);
    expect(options.zone).toBe(all.zone);
  } finally {
    await emulator.stop();
  }
});
