import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";
import { drop, failedWith, guarded, slow, soon, sshd, startGuarded, state, until } from "./guarded.ts";

let host: TestHost;
let bench: Bench;

beforeAll(async () => {
  host = await startGuarded({ release: "trixie", name: "guarded" });
  bench = new Bench({ "inventory/hosts.yml": { all: { hosts: { guarded: host.variables() } } } });
  bench.put("slow.yml", guarded([sshd("AllowGroups nobody\n"), { meta: "flush_handlers" }, slow], soon));
});

afterAll(async () => {
  bench?.remove();
  await host?.stop();
});

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
