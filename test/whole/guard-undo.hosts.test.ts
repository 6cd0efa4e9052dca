import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBusyboxHost } from "../hosts/busybox.ts";
import type { TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";
import { failedWith, guarded, slow, soon, sshd, startGuarded, state, until } from "./guarded.ts";

let host: TestHost;
let bench: Bench;

beforeAll(async () => {
  host = await startGuarded({ release: "trixie", name: "guarded" });
  bench = new Bench({ "inventory/hosts.yml": { all: { hosts: { guarded: host.variables() } } } });
});

afterAll(async () => {
  bench?.remove();
  await host?.stop();
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
    const play = (block: readonly object[], guard: object = {}): object =>
      JSON.parse(JSON.stringify(guarded(block, guard)).replace('"become":true,', ""));
    bench.put("keys.yml", play([change]));
    bench.put("keys-slow.yml", play([change, slow], soon));
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
