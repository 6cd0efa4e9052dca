import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBusyboxHost } from "../hosts/busybox.ts";
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
        { name: "The block", guard: { within: "60s", ...guard }, block },
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
  // Like Debian 13 by itself, but one failure is enough to be shut out for a while.
  const penalties = "PerSourcePenalties authfail:12s noauth:12s grace-exceeded:12s refuseconnection:12s min:10s max:40s";
  await host.out(`echo '${penalties}' >/etc/ssh/sshd_config.d/50-penalties.conf && sshd -t && systemctl reload ssh`);
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

/** Waits, not for ever. */
async function until(what: string, holds: () => Promise<boolean>, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await holds().catch(() => false)); await sleep(200))
    if (Date.now() > end) throw new Error(`it did not come to this within ${seconds} s: ${what}`);
}

const runs = async (of: TestHost, pattern: string): Promise<boolean> => (await of.exec(["pgrep", "-f", pattern])).exitCode === 0;
const logins = (of: TestHost): Promise<string> => of.out("journalctl -u ssh -o cat | grep -c 'not allowed because' || true");

describe("a guarded block that is cut off", () => {
  const shut = "sshd -T | grep -qx 'allowgroups nobody'";
  const slowly = async (): Promise<ReturnType<Bench["start"]>> => {
    const running = bench.start(["run", "slow.yml", "-l", "guarded", "--output", "json"]);
    await until("the block is under way", async () => (await runs(host, "^sleep 77")) && (await host.exec(shut)).exitCode === 0, 60);
    return running;
  };

  /** The timer fires, and the host has done all of it. */
  const putBack = async (): Promise<void> => {
    const over = "ls /var/lib/rempart/guard/*.undone && ! ls -d /var/lib/rempart/guard/*/";
    await until("the timer has put it back", async () => (await host.exec(over)).exitCode === 0, 150);
    await host.out("rm /var/lib/rempart/guard/*.undone");
    await until("nothing of it runs", async () => !(await runs(host, "[u]ndo.sh")), 20);
  };

  test("by a reboot in the middle: it is put back when the host boots, and the run waits for it", async () => {
    const before = await state(host);
    const running = await slowly();
    await host.out("systemctl reboot");
    failedWith(await running.ended, /connection|shell/);
    await until(
      "it has booted",
      async () => ["running", "degraded"].includes((await host.exec("systemctl is-system-running")).stdout.trim()),
      60,
    );
    expect(await state(host)).toBe(before);
  });

  test("by the network: it is put back, over a new connection or by itself", async () => {
    const before = await state(host);
    const running = await slowly();
    await host.out("pkill -KILL -f '^sshd-session: deploy'; pkill -f '^sleep 77'; true");
    failedWith(await running.ended, /connection/);
    expect(await state(host)).toBe(before);
    expect(Number(await logins(host))).toBeLessThan(30);
  });

  test("by an interrupt: the run says what the host will do, and the host does it", async () => {
    const before = await state(host);
    const running = await slowly();
    running.signal("SIGINT");
    await host.out("pkill -f '^sleep 77'");
    const done = await running.ended;
    expect(done.exit, done.text).toBe(130);
    const warning = done.events().find((e) => e.event === "warning" && e.host === "guarded");
    expect(warning).toMatchObject({
      message: expect.stringMatching(/^a guarded block was left in the middle: the host puts everything back by itself within \d+ s$/),
    });
    await putBack();
    expect(await state(host)).toBe(before);
  });

  test("by the death of the runner: the host puts it back by itself", async () => {
    const before = await state(host);
    const running = await slowly();
    running.signal("SIGKILL");
    await running.ended;
    await host.out("pkill -f '^sleep 77'; true");
    await putBack();
    expect(await state(host)).toBe(before);
  });

  test("by the death of the runner, and then another run: that one puts it back first", async () => {
    const before = await state(host);
    const running = await slowly();
    running.signal("SIGKILL");
    await running.ended;
    await host.out("pkill -f '^sleep 77'; true");
    await host.out("echo 'AllowGroups deploy' >/etc/ssh/sshd_config.d/00-in.conf && systemctl reload ssh");
    bench.put("next.yml", guarded([sshd("AllowGroups deploy\n")]));
    const next = await bench.run(["run", "next.yml", "-l", "guarded", "--output", "json"]);
    expect(next.exit, next.text).toBe(0);
    expect(next.tasks().find((t) => t.module === "guard")?.message).toBe(
      "what a guarded block of an earlier run had changed was put back, since it was not proved",
    );
    expect(await host.out(`cat ${drop}; ls /var/lib/rempart/guard; systemctl list-units --all 'rempart*' --no-legend`)).toBe(
      "AllowGroups deploy",
    );
    await host.out(`rm ${drop} /etc/ssh/sshd_config.d/00-in.conf /srv/behind && systemctl reload ssh`);
    expect(await state(host)).toBe(before);
  });
});

describe("a guarded block that fails by itself", () => {
  test("is put back at once, with its handlers, and its rescue runs", async () => {
    const before = await state(host);
    const block = [sshd("AllowGroups deploy\n"), { meta: "flush_handlers" }, { name: "Stop here", fail: { msg: "no further" } }];
    const [play] = guarded(block) as [{ tasks: object[] }];
    const tasks = [{ ...play.tasks[0], rescue: [{ name: "Rescued", copy: { dest: "/srv/rescued", content: "x\n" } }] }];
    bench.put("fails.yml", [{ ...play, tasks }]);
    const done = await bench.run(["run", "fails.yml", "-l", "guarded", "--output", "json"]);
    expect(done.exit, done.text).toBe(0);
    const failed = done.tasks().find((t) => t.status === "failed");
    expect(failed).toMatchObject({
      task: "Stop here",
      ignored: "rescued",
      message: "no further; everything in the guarded block was put back",
    });
    await host.out("rm /srv/rescued");
    expect(await state(host)).toBe(before);
  });
});

describe("a guarded block that goes well", () => {
  test("moves sshd to another port, leaves nothing of the guard behind, and costs nothing the next time", async () => {
    const block = [{ name: "Let it in", ufw: { rule: "allow", port: 2222, proto: "tcp" } }, sshd("Port 2222\n")];
    bench.put("move.yml", guarded(block, { port: "{{ 2222 }}" }));
    bench.put("plain.yml", JSON.parse(JSON.stringify(guarded(block)).replace(/"guard":\{[^}]*\},/, "")));
    const done = await bench.run(["run", "move.yml", "-l", "guarded", "--output", "json"]);
    expect(done.exit, done.text).toBe(0);
    const proof = done.tasks().find((t) => t.module === "guard");
    expect(proof).toMatchObject({ status: "ok", message: "the host answers on port 2222: set ansible_port: 2222 in the inventory" });
    expect(await host.out("sshd -T | grep '^port'; ls /var/lib/rempart/guard; ls /etc/systemd/system | grep rempart; true")).toBe(
      "port 2222",
    );
    bench.put("moved.yml", { all: { hosts: { moved: { ...host.variables(), ansible_port: 2222 } } } });
    const trips = async (play: string): Promise<number> => {
      const again = await bench.run(["run", play, "-i", "moved.yml", "--output", "json"]);
      expect(again.recap("moved"), again.text).toMatchObject({ ok: 3, changed: 0, failed: 0 });
      return again.recap("moved").roundTrips;
    };
    expect(await trips("move.yml")).toBe(await trips("plain.yml"));
  });
});

describe("a host without systemd", () => {
  let router: TestHost;
  const keys = "/root/.ssh/authorized_keys";
  const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk other\n";

  beforeAll(async () => {
    router = await startBusyboxHost({ name: "router" });
    const change = { name: "Another key", copy: { dest: keys, content: other, mode: "0600" } };
    bench.put("routers.yml", { all: { hosts: { router: router.variables() } } });
    const play = (block: readonly object[]): object => JSON.parse(JSON.stringify(guarded(block)).replace('"become":true,', ""));
    bench.put("keys.yml", play([change]));
    bench.put("keys-slow.yml", play([change, slow]));
  });

  afterAll(async () => router?.stop());

  const seen = (): Promise<string> => router.out(`cat ${keys}; ls -l ${keys}; ls -A /var/lib/rempart/guard; ls -A /srv; true`);

  test("is put back when the new login does not work", async () => {
    await router.out("mkdir -p /var/lib/rempart/guard /srv");
    const before = await seen();
    const done = await bench.run(["run", "keys.yml", "-i", "routers.yml", "--output", "json"]);
    failedWith(done, /refuses the login of root/, "router");
    expect(await seen()).toBe(before);
  });

  test("puts it back by itself when the runner dies", async () => {
    const before = await seen();
    const running = bench.start(["run", "keys-slow.yml", "-i", "routers.yml", "--output", "json"]);
    await until("the block is under way", async () => (await router.out(`cat ${keys}`)).endsWith("other"), 60);
    running.signal("SIGKILL");
    await running.ended;
    await until("the clock has put it back", async () => !(await router.out(`cat ${keys}`)).endsWith("other"), 150);
    await until("nothing of it runs", async () => (await router.out("ps w")).includes("undo.sh") === false, 20);
    await router.out("rm -f /var/lib/rempart/guard/*.undone");
    expect(await seen()).toBe(before);
  });
});
