import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { startApplianceHost } from "../hosts/appliance.ts";
import type { TestHost } from "../hosts/host.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

let host: TestHost;
let rempart: Rempart;
let check: Told;
beforeAll(async () => {
  host = await startApplianceHost("nas");
  rempart = new Rempart("playbooks/nas.yml", [host], {
    hardening: { profile: "appliance", key_login: { repair: "boot_unit", users: [host.user] } },
  });
});
afterAll(() => host.stop());

const login = async () => {
  const given = ["-i", host.keyFile, "-o", `UserKnownHostsFile=${host.knownHosts}`, "-o", "BatchMode=yes", "-o", "ConnectTimeout=5"];
  const done = await $({ quiet: true, nothrow: true })`timeout 20 ssh -F none ${given} ${host.user}@${host.address} echo in`;
  return `${done.stdout}${done.stderr}`;
};
const homeMode = () => host.out("stat -c %a /home/deploy");
const reset = () =>
  expect.poll(() => host.out("systemctl is-active maker-homes; true"), { timeout: 60_000, interval: 500 }).toBe("inactive");

test("the stand-in is what it says: after a boot homes are open, and keys are refused", async () => {
  expect(await host.out("command -v apt-get dpkg ufw; true")).toBe("");
  expect(await login()).toBe("in\n");
  await host.reboot();
  await reset();
  expect(await homeMode()).toBe("777");
  expect(await login()).toContain("Permission denied");
  await host.out("chmod 750 /home/deploy; chmod 700 /home/deploy/.ssh; chmod 600 /home/deploy/.ssh/authorized_keys");
});

test("a check changes nothing, a run puts the repair in place and nothing else, a second one finds nothing to do", async () => {
  const before = await fingerprint(host);
  check = await rempart.run("--check");
  expect(check.exitCode, check.trouble).toBe(0);
  expect(await fingerprint(host)).toBe(before);
  const files = () =>
    host.out(
      "find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /var/log -o -path /tmp \\) -prune -o -type f -newer /etc/machine-id -print | sort",
    );
  const old = (await files()).split("\n");
  expectTruth("the appliance", check, await rempart.run());
  const made = (await files())
    .split("\n")
    .filter((f) => !old.includes(f) && !f.startsWith("/var/lib/rempart") && !f.startsWith("/var/lib/systemd"));
  expect(made).toEqual([
    "/etc/systemd/system/rempart-key-login.path",
    "/etc/systemd/system/rempart-key-login.service",
    "/usr/local/sbin/rempart-key-login",
  ]);
  const second = await rempart.run();
  expect(second.changes, second.trouble).toEqual([]);
  expect(second.recap().roundTrips).toBeLessThanOrEqual(4);
});

test("keys open the door after a boot that reset the homes, and whenever somebody opens them", async () => {
  await host.reboot();
  await reset();
  await expect.poll(login, { timeout: 30_000, interval: 1000 }).toBe("in\n");
  expect(await homeMode()).toBe("755");
  await host.out("chmod 777 /home/deploy");
  await expect.poll(homeMode, { timeout: 30_000, interval: 500 }).toBe("755");
  expect((await rempart.run()).changes).toEqual([]);
});

test.each([
  ["the unit of the boot", "systemctl disable -q rempart-key-login.service", ["hardening : Repair at boot"]],
  ["the watch", "systemctl disable -q --now rempart-key-login.path", ["hardening : Repair whenever they change"]],
  ["the program", "echo exit >> /usr/local/sbin/rempart-key-login", ["hardening : Write the repair of home folders"]],
  [
    "the unit's text",
    "echo >> /etc/systemd/system/rempart-key-login.service",
    ["hardening : Write the units of the repair", "hardening : Repair home folders now"],
  ],
])("%s, broken by hand, is named by a check, alone, and repaired by a run", async (_what, command, named) => {
  await host.out(command);
  const drift = await rempart.run("--check");
  expect(drift.changes, drift.trouble).toEqual(named);
  expect((await rempart.run()).changes).toEqual(named);
});

test("what stands open is reported, and a second root fails the run", async () => {
  await host.out("echo 'PasswordAuthentication yes' > /etc/ssh/sshd_config.d/maker.conf");
  const told = await rempart.run();
  expect(told.exitCode, told.trouble).toBe(0);
  expect(JSON.stringify(told.tasks.find((t) => t.task === "Report what stands open"))).toContain(
    "the SSH server says: passwordauthentication yes",
  );
  await host.out("echo 'backdoor:x:0:0::/root:/bin/sh' >> /etc/passwd");
  const refused = await rempart.run();
  expect(refused.exitCode).toBe(1);
  expect(refused.trouble).toContain("other accounts are root: backdoor");
  await host.out("sed -i '/^backdoor:/d' /etc/passwd");
});

test("keys outside of the home folders are another way", async () => {
  const outside = rempart.with({ hardening: { key_login: { repair: "keys_file" } } });
  const done = await outside.run();
  expect(done.exitCode, done.trouble).toBe(0);
  expect((await outside.run()).changes).toEqual([]);
  await host.out("systemctl disable -q --now rempart-key-login.path rempart-key-login.service");
  await host.reboot();
  await reset();
  expect(await homeMode()).toBe("777");
  expect(await login()).toBe("in\n");
  await host.out(
    "echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1fN1cN7w3qLQ0nOQ7pM6k7b2Cq1p0nC9p2x2m3m3m3 other' >> /home/deploy/.ssh/authorized_keys",
  );
  expect((await outside.run("--check")).changes).toEqual(["hardening : Copy the keys"]);
});
