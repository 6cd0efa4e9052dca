import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench, type Ended } from "./bench.ts";

const drop = "/etc/ssh/sshd_config.d/10-guard.conf";
const reload = "Reload SSH";
const sshd = (content: string): object => ({
  name: "Settings of sshd",
  copy: { dest: drop, content, owner: "root", group: "root", mode: "0600" },
  notify: reload,
});

/** A play with one guarded block, and a task behind it that must not be reached when the block fails. */
function guarded(block: readonly object[], guard: object = {}): object {
  return [
    {
      name: "Guarded",
      hosts: "all",
      gather_facts: false,
      become: true,
      tasks: [
        { name: "The block", guard: { within: "30s", ...guard }, block },
        { name: "Behind", copy: { dest: "/srv/behind", content: "behind\n" } },
      ],
      handlers: [{ name: reload, systemd: { name: "ssh", state: "reloaded" } }],
    },
  ];
}

const slow = { name: "Take a while", shell: { cmd: "sleep 77", reads: true } };

/** Each way to shut the run out, and what its failure must say. */
const lockouts: Readonly<Record<string, readonly [object, RegExp]>> = {
  "another port": [guarded([sshd("Port 2222\n")]), /refuses connections on port 22/],
  "AllowGroups without the user": [guarded([sshd("AllowGroups nobody\n")]), /refuses the login of deploy/],
  "a firewall that denies": [
    guarded([{ name: "Deny", ufw: { rule: "deny", port: 22, proto: "tcp" } }]),
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

/** All that a guarded block may leave behind: files with their attributes, what sshd and the firewall make of them, units. */
function state(of: TestHost): Promise<string> {
  return of.out(`{
    find /etc /var/lib/rempart -xdev ! -name resolv.conf -printf '%p %m %u %g %l\\n' | sort
    find /etc -xdev -type f ! -name resolv.conf -print0 | sort -z | xargs -0 sha256sum
    sshd -T; ufw status verbose; iptables -S | grep -c ufw-user
    systemctl list-unit-files --plain --no-legend; systemctl list-timers --all --no-legend | grep -c rempart
    pgrep -af '[r]empart-guard|[u]ndo.sh'
    ls -A /srv
  } 2>/dev/null; true`);
}

beforeAll(async () => {
  [host, old] = await Promise.all([startHost({ release: "trixie", name: "guarded" }), startHost({ release: "bookworm", name: "older" })]);
  for (const of of [host, old])
    await of.out(
      "DEBIAN_FRONTEND=noninteractive apt-get install -q -y ufw >/dev/null && ufw allow 22/tcp && ufw --force enable && mkdir -p /var/lib/rempart/guard",
    );
  bench = new Bench({ "inventory/hosts.yml": { all: { hosts: { guarded: host.variables(), older: old.variables() } } } });
  for (const [name, [play]] of Object.entries(lockouts)) bench.put(`${name}.yml`, play);
  bench.put("slow.yml", guarded([sshd("AllowGroups nobody\n"), { meta: "flush_handlers" }, slow]));
});

afterAll(async () => {
  bench.remove();
  await Promise.all([host.stop(), old.stop()]);
});

function failedWith(done: Ended, why: RegExp, of = "guarded"): void {
  const failed = done.tasks(of).filter((t) => t.status === "failed");
  expect(
    failed.map((t) => t.task),
    done.text,
  ).toEqual(["Prove that the host can still be reached"]);
  expect(failed[0]?.message).toMatch(why);
  expect(failed[0]?.message).toMatch(/everything in the guarded block was put back$/);
  expect(done.exit).toBe(1);
}

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
