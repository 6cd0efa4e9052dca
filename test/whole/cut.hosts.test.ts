import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench, type Ended, type Running } from "./bench.ts";

const play = (tasks: readonly object[]): object => [{ name: "Cut", hosts: "all", gather_facts: false, become: true, tasks }];
const sleeping = "sleep 77";
const blob = randomBytes(24 * 1024 * 1024);
const text = (from: number): string => Array.from({ length: 2000 }, (_, i) => `line ${from + i}\n`).join("");

let cut: TestHost;
let steady: TestHost;
let dark: TestHost;
/** Beside the dark one, for as long as its run goes on: a host is locked by one run at a time. */
let calm: TestHost;
let bench: Bench;
/** Runs from the beginning: it takes a minute until a silent network counts as gone. */
let silenced: Promise<Ended>;

beforeAll(async () => {
  const start = (name: string): Promise<TestHost> => startHost({ release: "trixie", name });
  [cut, steady, dark, calm] = await Promise.all([start("cut"), start("steady"), start("dark"), start("calm")]);
  const hosts = Object.fromEntries([cut, steady, dark, calm].map((h) => [h.name, h.variables()]));
  bench = new Bench({
    "inventory/hosts.yml": { all: { hosts } },
    "files/blob": blob,
    "files/new": text(1000),
    "silent.yml": play([
      { name: "Before", copy: { content: "before\n", dest: "/srv/dark-before" } },
      { name: "Long", shell: { cmd: "sleep 6; echo ran >>/srv/dark-long", creates: "/srv/dark-long" } },
      { name: "Behind", copy: { content: "behind\n", dest: "/srv/dark-behind" } },
    ]),
    "sleep.yml": play([
      { name: "Before", copy: { content: "before\n", dest: "/srv/before" } },
      {
        name: "Long",
        shell: {
          cmd: `[ -e /srv/go ] || [ {{ inventory_hostname }} = steady ] || ${sleeping}; echo ran >>/srv/long`,
          creates: "/srv/long",
        },
      },
      { name: "Behind", copy: { content: "behind\n", dest: "/srv/behind" } },
    ]),
    "upload.yml": play([{ name: "Large", copy: { src: "blob", dest: "/srv/blob", mode: "0600" } }]),
    "write.yml": play([{ name: "Checked", copy: { src: "new", dest: "/srv/checked", validate: "sh -c 'sleep 3; test -s %s'" } }]),
    "slow.yml": play([
      { name: "First", shell: { cmd: "sleep 2; echo one >>/srv/slow", always: "a test" } },
      { name: "Second", shell: { cmd: "sleep 30; echo two >>/srv/slow", always: "a test" } },
    ]),
  });
  silenced = goDark();
});

afterAll(async () => {
  await dark?.exec("ip link set eth0 up");
  bench.remove();
  await Promise.all([cut.stop(), steady.stop(), dark.stop(), calm.stop()]);
});

async function goDark(): Promise<Ended> {
  const running = bench.start(["run", "silent.yml", "-l", "dark,calm"]);
  await until(() => runs(dark, "sleep 6"));
  await dark.out("ip link set eth0 down");
  const done = await running.ended;
  await dark.out("ip link set eth0 up");
  return done;
}

async function runs(host: TestHost, what: string): Promise<boolean> {
  return (await host.exec(["pgrep", "-fx", what])).exitCode === 0;
}

async function until(holds: () => Promise<boolean>, seconds = 20): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await holds()); await sleep(50))
    if (Date.now() > end) throw new Error(`it did not come to this: ${holds}`);
}

/** As if the connection broke: what serves it on the host is killed. */
async function breakConnection(host: TestHost): Promise<void> {
  await host.out("pkill -KILL -f '^sshd-session: deploy'");
}

function leftovers(host: TestHost): Promise<string> {
  return host.out("find / -xdev -name '.rempart*' 2>/dev/null; true");
}

/** The shells of a broken connection clean up as soon as they notice. */
async function cleanOf(host: TestHost): Promise<void> {
  await until(async () => (await leftovers(host)) === "");
}

function digest(host: TestHost, file: string): Promise<string> {
  return host.out(`sha256sum <${file} | cut -d' ' -f1`);
}

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

function told(done: Ended, task: string, name = "cut"): void {
  expect(done.exit, done.text).toBe(4);
  expect(done.stdout, done.text).toMatch(new RegExp(`^unreachable +${name} .*"${task}"\n +help: .*run again`, "m"));
  expect(done.text).not.toMatch(/\bat .*\.ts:\d+|node:internal|Error:/);
}

describe("a connection that is cut", () => {
  test("while a command runs: the host is reported, the other goes on, and a rerun does what is left", async () => {
    const running = bench.start(["run", "sleep.yml", "-l", "cut,steady"]);
    await until(() => runs(cut, sleeping));
    await breakConnection(cut);
    const done = await running.ended;
    told(done, "Long");
    expect(done.seconds).toBeLessThan(20);
    expect(await steady.out("cat /srv/before /srv/long /srv/behind")).toBe("before\nran\nbehind");
    expect(await cut.out("cat /srv/before; ls /srv")).toBe("before\nbefore");
    await cut.exec(["pkill", "-fx", sleeping]);
    await cut.out("rm -f /srv/long; touch /srv/go");
    const again = await bench.run(["run", "sleep.yml", "-l", "cut,steady", "--output", "json"]);
    expect(again.exit, again.text).toBe(0);
    expect(again.recap("steady")).toMatchObject({ ok: 3, changed: 0 });
    expect(again.recap("cut")).toMatchObject({ failed: 0 });
    expect(await cut.out("cat /srv/before /srv/behind; test -s /srv/long")).toBe("before\nbehind");
    await cleanOf(cut);
  });

  test("while a large file is sent: nothing stands at its path, nothing is left behind, a rerun brings it", async () => {
    const running = bench.start(["run", "upload.yml", "-l", "cut"]);
    await until(async () => (await leftovers(cut)) !== "");
    await breakConnection(cut);
    told(await running.ended, "Large");
    expect((await cut.exec("test -e /srv/blob")).exitCode).not.toBe(0);
    const again = await bench.run(["run", "upload.yml", "-l", "cut"]);
    expect(again.exit, again.text).toBe(0);
    expect(await digest(cut, "/srv/blob")).toBe(sha256(blob));
    await cleanOf(cut);
  });

  test("while a file is written: the old one or the new one is there as a whole, and a rerun brings the new one", async () => {
    await cut.out("echo old >/srv/checked");
    const running = bench.start(["run", "write.yml", "-l", "cut"]);
    await until(() => runs(cut, "sleep 3"));
    expect(await cut.out("cat /srv/checked")).toBe("old");
    await breakConnection(cut);
    told(await running.ended, "Checked");
    await until(async () => !(await runs(cut, "sleep 3")));
    expect([sha256("old\n"), sha256(text(1000))]).toContain(await digest(cut, "/srv/checked"));
    const again = await bench.run(["run", "write.yml", "-l", "cut"]);
    expect(again.exit, again.text).toBe(0);
    expect(await digest(cut, "/srv/checked")).toBe(sha256(text(1000)));
    await cleanOf(cut);
  });
});

describe("Ctrl-C", () => {
  const begin = async (): Promise<Running> => {
    await steady.exec("rm -f /srv/slow");
    const running = bench.start(["run", "slow.yml", "-l", "steady"]);
    await until(() => runs(steady, "sleep 2"));
    return running;
  };

  test("once: the running task ends, no other begins, exit 130", async () => {
    const running = await begin();
    running.signal("SIGINT");
    const done = await running.ended;
    expect(done.exit, done.text).toBe(130);
    expect(done.stderr).toMatch(/interrupted: .*again to stop at once/);
    expect(done.stdout).toMatch(/steady/);
    expect(await steady.out("cat /srv/slow")).toBe("one");
  });

  test("twice: the program ends at once, exit 130", async () => {
    const running = await begin();
    running.signal("SIGINT");
    await running.said(/interrupt again/);
    await sleep(400);
    running.signal("SIGINT");
    const begun = performance.now();
    const done = await running.ended;
    expect(done.exit, done.text).toBe(130);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});

test("a network that falls silent is noticed, the other host goes on, and a rerun converges", { timeout: 150_000 }, async () => {
  const done = await silenced;
  told(done, "Long", "dark");
  expect(await calm.out("cat /srv/dark-behind")).toBe("behind");
  expect(done.seconds).toBeLessThan(100);
  expect(await dark.out("ls /srv/dark-behind 2>/dev/null; cat /srv/dark-before")).toBe("before");
  const again = await bench.run(["run", "silent.yml", "-l", "dark"]);
  expect(again.exit, again.text).toBe(0);
  expect(await dark.out("cat /srv/dark-before /srv/dark-long /srv/dark-behind")).toBe("before\nran\nbehind");
  expect(await leftovers(dark)).toBe("");
});
