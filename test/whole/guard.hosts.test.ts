import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";
import { failedWith, guarded, sshd, startGuarded, state } from "./guarded.ts";

/** Each way to shut the run out, and what its failure must say. */
const lockouts: Readonly<Record<string, readonly [object, RegExp]>> = {
  "another port": [guarded([sshd("Port 2222\n")]), /refuses connections on port 22/],
  "AllowGroups without the user": [guarded([sshd("AllowGroups nobody\n")]), /refuses the login of deploy/],
  "a firewall that denies": [
    // Each try waits for an answer that does not come.
    guarded([{ name: "Deny", ufw: { rule: "deny", port: 22, proto: "tcp" } }], { within: "40s" }),
    /did not let a new connection in|did not answer/,
  ],
  "broken sudoers": [
    guarded([{ name: "Anybody may write it", file: { path: "/etc/sudoers", mode: "0666" } }]),
    /sudo.*(world writable|sudoers)/,
  ],
  "a sudo that says no": [
    guarded([{ name: "No", copy: { dest: "/etc/sudoers.d/zz-guard", content: "deploy ALL=(ALL:ALL) !ALL\n", mode: "0440" } }]),
    /sudo/,
  ],
  "a PAM stack that refuses": [
    guarded([{ name: "Refuse", lineinfile: { path: "/etc/pam.d/sshd", line: "account requisite pam_deny.so", insertbefore: "BOF" } }]),
    /ended the handshake|refuses the login|closed/,
  ],
  "an sshd that penalises": [
    guarded([sshd("AllowGroups nobody\nPerSourcePenalties authfail:60s min:10s max:120s\n")]),
    /refuses the login of deploy|ended the handshake/,
  ],
};

let host: TestHost;
let old: TestHost;
let bench: Bench;

beforeAll(async () => {
  [host, old] = await Promise.all([
    startGuarded({ release: "trixie", name: "guarded" }),
    startGuarded({ release: "bookworm", name: "older" }),
  ]);
  bench = new Bench({ "inventory/hosts.yml": { all: { hosts: { guarded: host.variables(), older: old.variables() } } } });
  for (const [name, [play]] of Object.entries(lockouts)) bench.put(`${name}.yml`, play);
});

afterAll(async () => {
  bench?.remove();
  await Promise.all([host?.stop(), old?.stop()]);
});

describe("a guarded block that shuts the run out", () => {
  test.each(Object.entries(lockouts))("by %s: the host is as before, and the run fails with the reason", async (name, [, why]) => {
    const before = await state(host);
    const done = await bench.run(["run", `${name}.yml`, "-l", "guarded", "--output", "json"]);
    failedWith(done, why);
    expect(await state(host)).toBe(before);
    expect(await host.out("systemctl is-active ssh")).toBe("active");
  });

  test("on Debian 12", async () => {
    const before = await state(old);
    const done = await bench.run(["run", "AllowGroups without the user.yml", "-l", "older", "--output", "json"]);
    failedWith(done, /refuses the login of deploy/, "older");
    expect(await state(old)).toBe(before);
  });
});
