import { mkdtempSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { CloudflareEmulator } from "../cloudflare/emulator/emulator.ts";
import type { Executed } from "../hosts/attached.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { lab, layWan } from "../router/lab.ts";
import { inventoryFile, Rempart } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

const first = "media.example.org";
const service = "rempart-cloudflare-follow.service";

/** A Linux router that is the line's end, and the zone whose first name leads to it. */
describe("the first name follows the address of the line", () => {
  let host: TestHost;
  let emulator: CloudflareEmulator;
  let outside: Server;
  let says: Record<string, string> = {};
  let router: Rempart;
  let alone: Rempart;

  beforeAll(async () => {
    host = await startHost({ release: "trixie", name: "router" });
    const gateway = host.address.replace(/\d+$/, "1");
    await host.out("DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nftables");
    await layWan(host);
    // The tests say when it runs: the timer itself waits for a week.
    const waits = "/run/systemd/system/rempart-cloudflare-follow.timer.d";
    await host.out(`mkdir -p ${waits} && printf '[Timer]\\nOnBootSec=\\nOnBootSec=7d\\n' > ${waits}/test.conf`);
    // Without TLS the API is taken on the own machine alone: the host has a door there to the emulator.
    emulator = await CloudflareEmulator.start({}, "0.0.0.0");
    const api = emulator.url.replace("0.0.0.0", "127.0.0.1");
    const { port: apiPort } = new URL(api);
    await host.out(
      `systemd-run -q --unit=api --socket-property=ListenStream=127.0.0.1:${apiPort} /lib/systemd/systemd-socket-proxyd ${gateway}:${apiPort}`,
    );
    const folder = mkdtempSync(join(tmpdir(), "rempart-outside-"));
    const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 -subj /CN=outside -keyout key -out crt`.split(
      " ",
    );
    await $({ cwd: folder, quiet: true, timeout: "20s" })`openssl ${words} -addext ${`subjectAltName=IP:${gateway}`}`;
    const certificate = readFileSync(join(folder, "crt"), "utf8");
    outside = createServer({ key: readFileSync(join(folder, "key")), cert: certificate }, (asked, answer) => {
      answer.end(says[asked.url ?? ""] ?? "");
    });
    await new Promise<void>((resolve) => outside.listen(0, gateway, resolve));
    const trusted = "/usr/local/share/ca-certificates/outside.crt";
    await host.out(
      `mkdir -p /usr/local/share/ca-certificates && printf %s '${certificate}' > ${trusted} && update-ca-certificates >/dev/null 2>&1`,
    );
    const { port } = outside.address() as AddressInfo;
    const urls = ["/one", "/two", "/three"].map((path) => `https://${gateway}:${port}${path}`);
    const cloudflare = {
      zone: "example.org",
      apps: [{ name: "media", host: first, access: { emails: ["ada@example.org"] } }],
      follow: { host: "router", token: emulator.dnsToken, urls },
    };
    const zone = { ansible_connection: "cloudflare", api_url: api, api_token: emulator.token };
    const edge = { edge: { hosts: { zone } } };
    const own = { router: { driver: "nftables", wan: lab.wan.interface } };
    alone = new Rempart("playbooks/edge.yml", [host], { cloudflare }, [inventoryFile(edge)]);
    const groups = { ...edge, router: { hosts: { router: own } } };
    router = new Rempart("playbooks/edge.yml", [host], { cloudflare }, [inventoryFile(groups)]).with({
      cloudflare: { follow: { interface: lab.wan.interface } },
    });
  });
  afterAll(async () => {
    outside?.close();
    await emulator?.stop();
    await host?.stop();
  });

  const record = () => [...emulator.zone.records.values()].find((r) => r.type === "A" && r.name === first);
  const moveTo = (address: string) =>
    host.out(`ip -4 addr flush dev ${lab.wan.interface} && ip addr add ${address}/24 dev ${lab.wan.interface}`);
  /** One run of the timer's service: what it wrote to the API, and what it told. */
  const follow = async (): Promise<Executed & { readonly writes: readonly string[] }> => {
    emulator.forgetSeen();
    const done =
      await host.exec(`systemctl stop ${service}; systemctl reset-failed ${service} 2>/dev/null; c=$(journalctl -u ${service} --show-cursor -n 0 | sed -n 's/^-- cursor: //p')
timeout 60 systemctl start ${service}; r=$?; journalctl -u ${service} --no-pager -o cat --after-cursor="$c"; exit $r`);
    return { ...done, writes: emulator.writes.map((s) => `${s.method} ${s.path.replace(/[0-9a-f]{32}/g, "ID")}`) };
  };

  test("it gets the router's address, a timer follows it, and the check had said so", async () => {
    const check = await router.run("--check");
    expect(emulator.writes).toEqual([]);
    const done = await router.run();
    expectTruth("edge.yml with a router", check, done);
    expect(record()).toMatchObject({ content: lab.wan.address, proxied: true, comment: "rempart" });
    expect(await host.out("systemctl is-active rempart-cloudflare-follow.timer")).toBe("active");
    expect(await host.out("cat /etc/systemd/system/rempart-cloudflare-follow.timer")).toMatch(/^OnBootSec=2min\nOnUnitActiveSec=5min$/m);
    const again = await router.run();
    expect(again.exitCode, again.trouble).toBe(0);
    expect(again.changes).toEqual([]);
    expect(JSON.stringify([check.tasks, done.tasks])).not.toContain(emulator.dnsToken);
  });

  test("an address that stays is not written, a new one is, once, and a run has nothing to put right", async () => {
    const same = await follow();
    expect([same.exitCode, same.writes], same.stdout).toEqual([0, []]);
    await moveTo("203.0.113.9");
    const moved = await follow();
    expect([moved.exitCode, moved.writes], moved.stdout).toEqual([0, ["PATCH /zones/ID/dns_records/ID"]]);
    expect(moved.stdout).toContain(`A ${first}: ${lab.wan.address} to 203.0.113.9`);
    expect(record()).toMatchObject({ content: "203.0.113.9", proxied: true, ttl: 1, comment: "rempart" });
    expect((await follow()).writes).toEqual([]);
    expect((await router.run()).changes).toEqual([]);
  });

  test("its token is in no argument and no environment, and reaches nothing but the records", async () => {
    await host.out(
      `printf '%s\\n' '#!/bin/sh' 'tr "\\0" " " </proc/$$/cmdline >&2; env >&2; exec /usr/bin/curl "$@"' > /usr/local/bin/curl && chmod 755 /usr/local/bin/curl`,
    );
    const spied = await follow();
    await host.out("rm /usr/local/bin/curl");
    expect(spied.stdout).toContain("dns_records");
    expect(`${spied.stdout}${await host.out(`systemctl cat ${service}; cat /usr/local/sbin/rempart-cloudflare-follow`)}`).not.toContain(
      emulator.dnsToken,
    );
    expect(await host.out("stat -c '%a %U' /etc/rempart-cloudflare /etc/rempart-cloudflare/token")).toBe("700 root\n600 root");
    expect(emulator.seen.length).toBeGreaterThan(0);
    for (const { path } of emulator.seen) expect(path).toMatch(/^\/zones\/[0-9a-f]{32}\/dns_records/);
    const exposure = await host.out(`systemd-analyze security ${service} --no-pager | tail -n 1`);
    expect(Number(/level for \S+: ([0-9.]+)/.exec(exposure)?.[1]), exposure).toBeLessThan(3);
  });

  test("a record of somebody else, a second one, a shared address and an API that refuses fail the unit and write nothing", async () => {
    await moveTo("203.0.113.10");
    const ours = record();
    ours.comment = "by hand";
    expect(await follow()).toMatchObject({ exitCode: 1, writes: [], stdout: expect.stringContaining("is not ours") });
    expect(await host.out("systemctl --failed --plain --no-legend")).toContain(service);
    ours.comment = "rempart";
    emulator.zone.records.set("d".repeat(32), { ...ours, content: "203.0.113.77" });
    expect(await follow()).toMatchObject({ exitCode: 1, writes: [], stdout: expect.stringContaining("has 2 A records") });
    emulator.zone.records.delete("d".repeat(32));
    emulator.troubles.push({ fits: ({ writes }) => writes, how: "unsuccessful", times: 1 });
    expect(await follow()).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("did not write the record") });
    await moveTo("100.64.0.9");
    expect(await follow()).toMatchObject({ exitCode: 1, writes: [], stdout: expect.stringContaining("no public address") });
    const told = await router.run();
    expect([told.exitCode, told.trouble.includes("router has the address 100.64.0.9, which is shared")], told.trouble).toEqual([1, true]);
    expect(record()).toMatchObject({ content: "203.0.113.9" });
  });

  test("without a router in the inventory two others must say the same", async () => {
    says = { "/one": "203.0.113.20\n", "/two": "fl=1\nip=203.0.113.21\nts=1.5\n", "/three": "fl=1\nip=203.0.113.21\nts=1.5\n" };
    const check = await alone.run("--check");
    const done = await alone.run();
    expectTruth("edge.yml with a host that follows", check, done);
    expect(record()).toMatchObject({ content: "203.0.113.21" });
    expect((await alone.run()).changes).toEqual([]);
    for (const bad of [
      { "/two": "203.0.113.22" },
      { "/two": "10.0.0.1", "/three": "<html>" },
      { "/two": "203.0.113.20\n203.0.113.20", "/three": "" },
    ]) {
      says = { "/one": "203.0.113.20", "/three": "203.0.113.23", ...bad };
      expect(await follow(), JSON.stringify(says)).toMatchObject({
        exitCode: 1,
        writes: [],
        stdout: expect.stringContaining("no two of them"),
      });
    }
    says = { "/one": "203.0.113.24", "/two": "203.0.113.24" };
    expect(await follow()).toMatchObject({ exitCode: 0, writes: [expect.stringContaining("PATCH")] });
    const mastered = await alone.with({ cloudflare: { ipv4: "203.0.113.30" } }).run();
    expect(mastered.trouble).toContain("leave ipv4 out");
  });

  test("each part broken by hand is named by a check, alone, and put back; nothing is left where nothing shall follow", async () => {
    await host.out(
      `echo '# x' >> /usr/local/sbin/rempart-cloudflare-follow && chmod 644 /etc/rempart-cloudflare/token && systemctl stop rempart-cloudflare-follow.timer`,
    );
    Object.assign(record(), { content: "203.0.113.99" });
    const named = [
      "The program that follows the address is there",
      "The token is there, for root alone",
      "The record follows the address",
    ].map((task) => `cloudflare : ${task}`);
    const check = await alone.run("--check");
    expect(check.changes).toEqual(named);
    // A broken program is not asked.
    const name = "The first name has the router's address";
    expect(check.tasks.filter((t) => t.status === "maybe").map((t) => t.task)).toEqual(["Ask what the line is seen with", name]);
    const repair = await alone.run();
    expect(repair.changes.toSorted(), repair.trouble).toEqual([...named, `cloudflare : ${name}`].toSorted());
    expect((await alone.run()).changes).toEqual([]);
    const gone = alone.with({ cloudflare: { ipv4: "203.0.113.24", follow: { state: "absent" } } });
    expect((await gone.run()).exitCode).toBe(0);
    expect(await host.out("find /etc/systemd /etc/rempart-cloudflare /usr/local/sbin -name '*rempart-cloudflare*' 2>/dev/null; true")).toBe(
      "",
    );
    expect((await gone.run()).changes).toEqual([]);
    expect(emulator.faults).toEqual([]);
  });
});
