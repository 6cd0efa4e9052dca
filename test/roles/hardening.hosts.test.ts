import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

describe.each(["trixie", "bookworm"] as const)("hardening on %s", (release) => {
  let host: TestHost;
  let stranger: TestHost;
  let rempart: Rempart;
  let check: Told;
  beforeAll(async () => {
    [host, stranger] = await Promise.all([startHost({ release, name: "proliant" }), startHost({ release, name: "stranger" })]);
    const controller = host.address.replace(/\d+$/, "1");
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      hardening: { trusted_networks: [controller], firewall: { ssh_from: ["any"] }, ban: { retries: 3 } },
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } },
    });
  });
  afterAll(async () => {
    await Promise.all([host?.stop(), stranger?.stop()]);
  });

  test("a check of the bare host passes and changes nothing", async () => {
    const before = await fingerprint(host);
    check = await rempart.run("--tags", "hardening", "--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(check.recap().changed).toBeGreaterThan(10);
    expect(await fingerprint(host)).toBe(before);
  });

  test("the first run does what the check said and converges, the second changes nothing and costs a handful of round trips", async () => {
    const first = await rempart.run("--tags", "hardening");
    expectTruth(`hardening on ${release}`, check, first);
    const second = await rempart.run("--tags", "hardening");
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
    expect(second.recap().roundTrips).toBeLessThanOrEqual(6);
  });

  test("kernel parameters hold, now and after a reboot", async () => {
    const names =
      "kernel.kptr_restrict kernel.yama.ptrace_scope kernel.sysrq fs.protected_fifos net.ipv4.ip_forward net.ipv4.conf.all.accept_redirects net.ipv4.conf.eth0.rp_filter net.ipv4.tcp_synack_retries kernel.core_pattern";
    const wanted = ["2", "1", "0", "2", "0", "0", "1", "3", "|/bin/false"].join("\n");
    expect(await host.out(`sysctl -n ${names}`)).toBe(wanted);
    await host.reboot();
    expect(await host.out(`sysctl -n ${names}`)).toBe(wanted);
  });

  test("a blocked module cannot be loaded, not even by name", async () => {
    const file = "/etc/modprobe.d/rempart-hardening.conf";
    const [asked = "", ...said] = (
      await host.out(`set -- $(sed -n 's/^blacklist //p' ${file}); echo $#; for m in "$@"; do echo "$m: $(modprobe -n -v "$m" 2>&1)"; done`)
    ).split("\n");
    expect(Number(asked)).toBeGreaterThan(30);
    expect(said.filter((line) => !/: install \/bin\/false\s*$/.test(line))).toEqual([]);
    expect(await host.out("modprobe -c | grep -c '^blacklist dccp$'")).toBe("1");
    expect(await host.out("modprobe -c | grep -cE '^(blacklist|install) (overlay|vfat|usb_storage)( |$)'; true")).toBe("0");
  });

  test("the journal lies on the disk", async () => {
    expect(await host.out("ls /var/log/journal/*/system.journal")).toMatch(/system\.journal$/);
    expect(await host.out("systemd-analyze cat-config systemd/journald.conf | grep -c '^SystemMaxUse=1G'")).toBe("1");
  });

  test("who keeps failing to log in is banned, and the machine that runs Rempart is not", async () => {
    // The host was restarted before this: its services come up in their own time.
    await expect
      .poll(() => host.out("fail2ban-client status 2>&1 | tail -1"), { timeout: 60_000, interval: 500 })
      .toMatch(/recidive, sshd/);
    // The ban can fall while a connection stands: nothing answers it then, so it gets an end of its own.
    const knock = `timeout 15 ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=3 nobody-such@${host.address} true`;
    for (let i = 0; i < 4; i++) await stranger.exec(knock);
    await expect.poll(() => host.out("fail2ban-client get sshd banip"), { timeout: 30_000, interval: 1000 }).toContain(stranger.address);
    const shut = await stranger.exec(["bash", "-c", `timeout 3 bash -c ': < /dev/tcp/${host.address}/22'`]);
    expect(shut.exitCode).not.toBe(0);
    const still = await rempart.run("--tags", "journald", "--check");
    expect(still.exitCode, still.trouble).toBe(0);
    expect(await host.out("fail2ban-client get sshd ignoreip")).toContain(host.address.replace(/\d+$/, "1"));
  });

  test("unattended upgrades take security updates only, leave driver and engine alone and never restart the machine", async () => {
    const said = await host.out("unattended-upgrade --dry-run --debug 2>&1");
    expect(said).toMatch(new RegExp(`Allowed origins are: origin=Debian,codename=${release}-security,label=Debian-Security\\n`));
    for (const name of ["nvidia-.*", "docker(-ce.*|.io|-cli|-compose.*)$", "containerd(.io)?$", "lib(cuda1|nvcuvid1)$"])
      expect(said.replaceAll("\\", "")).toContain(name);
    expect(await host.out("apt-config dump Unattended-Upgrade::Automatic-Reboot")).toContain('"false"');
    expect(await host.out("systemctl show apt-daily-upgrade.timer -p TimersCalendar")).toContain("*-*-* 02:00:00");
  });

  test("one thing broken by hand is named by a check, alone, and repaired by a run", async () => {
    await host.out("sysctl -q -w kernel.kptr_restrict=0");
    const check = await rempart.run("--tags", "hardening", "--check");
    expect(check.changes).toEqual(["hardening : Hide kernel addresses and messages, limit tracing"]);
    const items = check.tasks.flatMap((t) => t.items ?? []).filter((i) => i.status === "changed");
    expect(items.flatMap((i) => i.changes.map((c) => c.subject))).toEqual(["sysctl kernel.kptr_restrict"]);
    const repair = await rempart.run("--tags", "sysctl");
    expect(repair.changes).toEqual(check.changes);
    expect(await host.out("sysctl -n kernel.kptr_restrict")).toBe("2");
  });

  test("an exception has its own value and its reason, and a waived part is left out", async () => {
    const other = rempart.with({
      hardening: {
        sysctl_exceptions: { "net.ipv4.tcp_timestamps": { value: "0", reason: "an old client stumbles over them" } },
        waived: { sysctl_panic: "the owner wants to see the screen" },
      },
    });
    await host.out("sysctl -q -w kernel.panic=5");
    const done = await other.run("--tags", "sysctl");
    expect(done.exitCode, done.trouble).toBe(0);
    expect(await host.out("sysctl -n net.ipv4.tcp_timestamps kernel.panic")).toBe("0\n5");
    expect((await other.run("--tags", "sysctl")).changes).toEqual([]);
  });

  test("forwarding is not taken from a host with a Docker engine", async () => {
    await host.out("printf '#!/bin/sh\\n' > /usr/bin/dockerd && chmod 755 /usr/bin/dockerd");
    const refused = await rempart.run("--tags", "sysctl");
    expect(refused.exitCode).toBe(1);
    expect(refused.trouble).toContain("set hardening.docker_host to true");
    await host.out("rm /usr/bin/dockerd");
  });
});
