import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";

const slow = (seconds: number): string =>
  [
    "- name: Slow work",
    "  hosts: all",
    "  become: true",
    "  tasks:",
    "    - name: Take a while",
    `      command: { argv: [sleep, "${seconds}"], always: a test }`,
    "",
  ].join("\n");

let host: TestHost;
let bench: Bench;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "one-at-a-time" });
  bench = new Bench({ "slow.yml": slow(60), "short.yml": slow(4), "quick.yml": slow(0) });
  bench.put("inventory/hosts.yml", { all: { hosts: { one: host.variables() } } });
});

afterAll(async () => {
  bench.remove();
  await host.stop();
});

const busy = async (): Promise<void> => {
  await expect.poll(() => host.out("pgrep -x sleep || true"), { timeout: 30_000, interval: 200 }).not.toBe("");
};

test("a second run says who is at work and since when, does nothing, and exits with 4", async () => {
  const first = bench.start(["run", "slow.yml"]);
  await busy();
  const second = await bench.start(["run", "quick.yml"]).ended;
  expect(second.exit).toBe(4);
  expect(second.text).toMatch(/another run is at work on this host: that of \S+@\S+, since /);
  expect(second.text).toMatch(/--wait/);
  const check = await bench.start(["run", "quick.yml", "--check", "--output", "json"]).ended;
  expect(check.exit).toBe(0);
  expect(check.events().filter((e) => e.event === "warning")).toMatchObject([{ host: "one", message: /is changing this host/ }]);
  first.signal("SIGKILL");
  await first.ended;
});

test("the lock of a run that was killed holds while its step still works on the host, and no longer", async () => {
  expect((await bench.start(["run", "quick.yml"]).ended).exit).toBe(4);
  await host.out("pkill -x sleep");
  const next = await bench.start(["run", "quick.yml", "--wait", "20s"]).ended;
  expect(next.exit, next.text).toBe(0);
  expect(await host.out("ls /run/rempart.lock* 2>/dev/null || true")).toBe("");
});

test("with --wait it comes after the other, and bounded waiting ends", async () => {
  const first = bench.start(["run", "short.yml"]);
  await busy();
  const [impatient, patient] = await Promise.all([
    bench.start(["run", "quick.yml", "--wait", "1s"]).ended,
    bench.start(["run", "quick.yml", "--wait"]).ended,
  ]);
  expect([impatient.exit, patient.exit, (await first.ended).exit]).toEqual([4, 0, 0]);
  expect(patient.text).toMatch(/waiting: another run is at work/);
});

test("a lock costs no round trip, and a check leaves none", async () => {
  const run = await bench.start(["run", "quick.yml", "--output", "json"]).ended;
  expect(run.recap("one").roundTrips).toBeLessThanOrEqual(3);
  await bench.start(["run", "quick.yml", "--check"]).ended;
  expect(await host.out("ls /run/rempart.lock* 2>/dev/null || true")).toBe("");
});
