import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench, type Ended } from "./bench.ts";

let host: TestHost;
let old: TestHost;
let bench: Bench;

const play = (tasks: readonly object[], hosts = "all"): object => [{ name: "System", hosts, become: true, gather_facts: false, tasks }];

/** Runs the tasks and gives `host: status task`, what a failure said, and the whole end. */
async function run(tasks: readonly object[], hosts = "box", ...options: string[]): Promise<Ended & { readonly said: string[] }> {
  bench.put("play.yml", play(tasks, hosts));
  const ended = await bench.run(["run", "play.yml", "-i", "hosts.yml", "--output", "json", ...options]);
  const said = ended.tasks().map((t) => `${t.host}: ${t.status} ${t.task}${t.status === "failed" ? `: ${t.message} ${t.stderr}` : ""}`);
  return { ...ended, said };
}

/** Check tells what the run then does, and a second run has nothing to do. */
async function converges(tasks: readonly object[], hosts = "box"): Promise<void> {
  const check = await run(tasks, hosts, "--check");
  const done = await run(tasks, hosts);
  expect(
    done.said.filter((line) => line.includes("failed")),
    done.text,
  ).toEqual([]);
  expect(check.said, "what check said").toEqual(done.said);
  const again = await run(tasks, hosts);
  expect(again.said).toEqual(done.said.map((line) => line.replace(/: \w+ /, ": ok ")));
}

beforeAll(async () => {
  [host, old] = await Promise.all([
    startHost({ release: "trixie", name: "box", sudo: "password" }),
    startHost({ release: "bookworm", name: "old" }),
  ]);
  const become = { ansible_become_password: host.password };
  bench = new Bench({ "hosts.yml": { all: { hosts: { box: { ...host.variables(), ...become }, old: old.variables() } } } });
});
afterAll(async () => {
  bench?.remove();
  await Promise.all([host?.stop(), old?.stop()]);
});

describe("mount", () => {
  const tmpfs = { path: "/mnt/fast", src: "tmpfs", fstype: "tmpfs", opts: "rw,nosuid,nodev,noexec,size=1m", state: "mounted" };
  const bound = { path: "/mnt/shared files", src: "/srv/data", fstype: "none", opts: "bind,ro,nosuid", state: "mounted" };
  const tasks = [
    { name: "data", file: { path: "/srv/data", state: "directory" } },
    { name: "fast", mount: tmpfs },
    { name: "shared", mount: bound },
  ];

  test("mounts now and at boot, keeps the other lines, and finds nothing the second time", async () => {
    for (const of of [host, old]) await of.out("printf '# mine\\nproc /proc proc defaults 0 0\\n' >/etc/fstab");
    bench.put("play.yml", play(tasks, "all"));
    const done = await run(tasks, "all");
    expect(done.said.filter((line) => !line.includes("changed"))).toEqual([]);
    expect((await run(tasks, "all")).said.filter((line) => !line.includes(": ok "))).toEqual([]);
    for (const of of [host, old]) {
      expect(await of.out("cat /etc/fstab")).toBe(
        "# mine\nproc /proc proc defaults 0 0\ntmpfs /mnt/fast tmpfs rw,nosuid,nodev,noexec,size=1m 0 0\n/srv/data /mnt/shared\\040files none bind,ro,nosuid 0 0",
      );
      expect(await of.out("findmnt -no OPTIONS /mnt/fast")).toMatch(/nosuid,nodev,noexec/);
      expect(await of.out("findmnt -no OPTIONS '/mnt/shared files'")).toMatch(/^ro,nosuid/);
      expect(await of.out("systemctl show -P LoadState mnt-fast.mount")).toBe("loaded");
    }
  });

  test("finds what drifted in the running mounts: an option, another source, nothing", async () => {
    await host.out(
      "mount -o remount,exec /mnt/fast && umount '/mnt/shared files' && mkdir -p /srv/other && mount --bind /srv/other '/mnt/shared files'",
    );
    const done = await run(tasks);
    expect(done.said).toEqual(["box: ok data", "box: changed fast", "box: changed shared"]);
    expect(await host.out("findmnt -no OPTIONS /mnt/fast")).toMatch(/noexec/);
    expect(await host.out("findmnt -no SOURCE '/mnt/shared files'")).toContain("[/srv/data]");
    await host.out("umount /mnt/fast");
    expect((await run(tasks)).said).toEqual(["box: ok data", "box: changed fast", "box: ok shared"]);
  });

  test("a mount that fails says why, and one that is busy stays", async () => {
    const wrong = await run([{ name: "wrong", mount: { path: "/opt", src: "/dev/nosuch", fstype: "ext4", state: "ephemeral" } }]);
    expect(wrong.said.join()).toMatch(/failed wrong: mount ended with exit code 32.*nosuch/s);
    await host.out("setsid sh -c 'cd /mnt/fast && exec sleep 300' >/dev/null 2>&1 &");
    await expect.poll(() => host.exec("pgrep -x sleep").then((e) => e.exitCode)).toBe(0);
    const busy = await run([{ name: "busy", mount: { path: "/mnt/fast", state: "unmounted" } }]);
    expect(busy.said.join()).toMatch(/failed busy: umount .*busy/s);
    await host.out("pkill -x sleep");
  });

  test("takes away what it made, and never a folder with something in it", async () => {
    const gone = [
      { name: "fast", mount: { path: "/mnt/fast", state: "absent" } },
      { name: "shared", mount: { path: "/mnt/shared files", state: "absent" } },
    ];
    await converges(gone);
    expect(await host.out("cat /etc/fstab; ls /mnt")).toBe("# mine\nproc /proc proc defaults 0 0");
    await host.out("mkdir -p /mnt/full && touch /mnt/full/film && mount -t tmpfs tmpfs /mnt/full");
    const full = await run([{ name: "full", mount: { path: "/mnt/full", state: "absent" } }]);
    expect(full.said.join()).toMatch(/failed full: rmdir .*not empty/s);
    expect(await host.out("ls /mnt/full")).toBe("film");
  });
});

describe("timer", () => {
  const timer = {
    name: "note",
    description: "Notes 100 %",
    on_calendar: ["*-*-* 03:30", "Mon 05:00"],
    randomized_delay: "5min",
    command: ["/bin/sh", "-c", 'echo "$1 $NOTE $(cat "$CREDENTIALS_DIRECTORY/word")" >/srv/noted', "sh", "it's 5 % of $HOME;", ";"],
    environment: { NOTE: "50 %\\" },
    load_credential: { word: "/etc/word" },
    sandbox: { ProtectSystem: "full", PrivateTmp: true, NoNewPrivileges: true },
  };
  const tasks = [
    { name: "word", copy: { dest: "/etc/word", content: "secret word\n", mode: "0600" } },
    { name: "timer", timer, register: "r" },
    { name: "next", debug: { msg: "{{ r.next_elapse }}" } },
  ];

  test("runs, on 13 and on 12, with every character for itself, and the result tells the next time", async () => {
    const done = await run(tasks, "all");
    expect(done.said.filter((line) => line.includes("failed"))).toEqual([]);
    const again = await run(tasks, "all");
    expect(again.said.filter((line) => !line.includes(": ok "))).toEqual([]);
    const told = again.tasks().flatMap((t) => (t.task === "next" ? [t.message ?? ""] : []));
    expect(told).toHaveLength(2);
    for (const next of told) expect(Date.parse(next), next).toBeGreaterThan(Date.now());
    for (const of of [host, old]) {
      expect(await of.out("systemctl is-active note.timer; systemctl is-enabled note.timer")).toBe("active\nenabled");
      await of.out("systemctl start note.service");
      expect(await of.out("cat /srv/noted")).toBe("it's 5 % of $HOME; 50 %\\ secret word");
    }
  });

  test("check on a bare host says what the run does; new times are taken up, a new command is read", async () => {
    const other = { ...timer, name: "other" };
    await converges([{ name: "other", timer: other }]);
    expect((await run([{ name: "other", timer: { ...other, on_calendar: "yearly" } }])).said).toEqual(["box: changed other"]);
    expect(await host.out("systemctl show -P TimersCalendar other.timer")).toContain("*-01-01");
    const command = { ...other, on_calendar: "yearly", command: ["/bin/true"] };
    expect((await run([{ name: "other", timer: command }])).said).toEqual(["box: changed other"]);
    expect(await host.out("systemctl show -P ExecStart other.service")).toContain("/bin/true");
  });

  test("a timer that was stopped, disabled or edited is put right", async () => {
    await host.out("systemctl disable --now note.timer && sed -i 's/03:30/04:30/' /etc/systemd/system/note.timer");
    const mended = await run(tasks);
    expect(mended.said[1]).toBe("box: changed timer");
    expect(await host.out("systemctl is-active note.timer; systemctl is-enabled note.timer")).toBe("active\nenabled");
  });

  test("a wrong time and a program that is not there are refused before anything is written", async () => {
    const wrong = await run([{ name: "wrong", timer: { name: "wrong", on_calendar: "25:00", command: ["/bin/true"] } }]);
    expect(wrong.said.join()).toMatch(/failed wrong: .*calendar/s);
    const lost = await run([{ name: "lost", timer: { name: "wrong", on_calendar: "daily", command: ["/opt/none"] } }]);
    expect(lost.said.join()).toMatch(/failed lost: .*\/opt\/none/s);
    expect(await host.out("ls /etc/systemd/system | grep -c wrong; true")).toBe("0");
  });

  test("goes away, files and all", async () => {
    await converges([
      { name: "note", timer: { name: "note", state: "absent" } },
      { name: "other", timer: { name: "other", state: "absent" } },
    ]);
    expect(
      await host.out("systemctl list-unit-files --no-legend 'note.*' 'other.*'; ls /etc/systemd/system | grep -cE 'note|other'; true"),
    ).toBe("0");
  });
});

describe("nftables", () => {
  const table = {
    name: "edge",
    sets: [
      {
        name: "edge4",
        type: "ipv4_addr",
        flags: ["interval"],
        elements: ["198.51.100.0/24", "192.0.2.0-192.0.2.127", "192.0.2.128/25"],
        auto_merge: true,
      },
      { name: "banned", type: "ipv4_addr", flags: ["dynamic", "timeout"], timeout: "1h" },
    ],
    chains: [
      { name: "web", rules: ["ip saddr @edge4 accept", 'counter drop comment "not by the edge; dropped"'] },
      {
        name: "input",
        type: "filter",
        hook: "input",
        priority: -10,
        policy: "accept",
        rules: [
          "ip saddr @banned drop",
          "iifname eth9 tcp dport { 443, 80 } jump web",
          'tcp dport 2222 ct state new log prefix "new " reject',
        ],
      },
    ],
  };
  const tasks = [{ name: "edge", nftables: table }];
  const lines = (of: TestHost): Promise<string> => of.out("nft -s list table inet edge");

  beforeAll(async () => {
    const install = "DEBIAN_FRONTEND=noninteractive apt-get install -q -y nftables >/dev/null";
    for (const of of [host, old]) await of.out(`${install} && nft add table inet other && nft add chain inet other keep`);
  });

  test("check says what the run does; the live table is as declared, on 13 and on 12", async () => {
    await converges(tasks);
    expect((await run(tasks, "old")).said).toEqual(["old: changed edge"]);
    expect((await run(tasks, "old")).said).toEqual(["old: ok edge"]);
    for (const of of [host, old]) {
      expect(await lines(of)).toMatch(/192.0.2.0\/24, 198.51.100.0\/24/);
      expect(await of.out("systemctl is-enabled nftables-edge; nft list table inet other")).toMatch(/^enabled\n[\s\S]*chain keep/);
    }
  });

  test("what changed in the running kernel only is found and put right; counters and what rules add to a set are not", async () => {
    await host.out("nft add element inet edge banned '{ 203.0.113.9 }'");
    expect((await run(tasks)).said).toEqual(["box: ok edge"]);
    const declared = await lines(host).then((text) => text.replace(/\n\t\telements = \{ 203.*/, ""));
    for (const drift of ["nft insert rule inet edge input accept", "nft flush table inet edge", "nft delete table inet edge"]) {
      await host.out(drift);
      const check = await run(tasks, "box", "--check");
      expect(check.said, drift).toEqual(["box: changed edge"]);
      expect((await run(tasks)).said, drift).toEqual(["box: changed edge"]);
      expect(await lines(host), drift).toBe(declared);
    }
    await host.out("echo '# by hand' >>/etc/nftables.d/edge.nft");
    expect((await run(tasks)).said).toEqual(["box: changed edge"]);
    expect(await host.out("nft list table inet other")).toContain("chain keep");
  });

  test("a rule that nft does not take is known in check mode, and nothing was changed", async () => {
    const wrong = [{ name: "wrong", nftables: { ...table, chains: [{ name: "input", rules: ["tcp dprot 22 accept"] }] } }];
    const before = await lines(host);
    for (const options of [["--check"], []])
      expect((await run(wrong, "box", ...options)).said.join()).toMatch(/failed wrong: nft does not take.*dprot/s);
    expect(await lines(host)).toBe(before);
  });

  test("goes away with file and unit, and leaves the others", async () => {
    const own = { name: "own", persist: "include", chains: [{ name: "input", rules: ["accept"] }] };
    expect((await run([{ name: "own", nftables: own }])).said).toEqual(["box: changed own"]);
    expect(await host.out("tail -n 1 /etc/nftables.conf")).toBe('include "/etc/nftables.d/own.nft"');
    await converges([{ name: "own", nftables: { name: "own", persist: "include", state: "absent" } }]);
    expect(await host.out("nft list tables; ls /etc/nftables.d; grep -c own /etc/nftables.conf; true")).toMatch(
      /table inet other[\s\S]*\nedge.nft\n0$/,
    );
    expect((await run([{ name: "edge", nftables: { name: "edge", state: "absent" } }], "old")).said).toEqual(["old: changed edge"]);
    const left = await old.out("nft list tables; ls /etc/nftables.d; systemctl cat nftables-edge 2>/dev/null; true");
    expect(left).toContain("table inet other");
    expect(left).not.toContain("edge");
  });

  test.runIf(process.env.REMPART_TEST_SLOW)(
    "a table that shuts the run out, in a guarded block: it is put back",
    { timeout: 120_000 },
    async () => {
      const shut = { ...table, chains: [{ name: "input", type: "filter", hook: "input", priority: -20, rules: ["tcp dport 22 drop"] }] };
      const before = await host.out("nft -s list ruleset; cat /etc/nftables.d/edge.nft");
      const done = await run([{ name: "block", guard: { within: "60s" }, block: [{ name: "shut", nftables: shut }] }]);
      expect(done.exit, done.text).toBe(1);
      expect(await host.out("nft -s list ruleset; cat /etc/nftables.d/edge.nft")).toBe(before);
    },
  );
});

describe("reboot", () => {
  const id = (of: TestHost): Promise<string> => of.out("cat /proc/sys/kernel/random/boot_id");

  test("is told in check mode, done in the run with become, and the tasks behind it go on", async () => {
    const tasks = [
      { name: "asks", copy: { dest: "/run/reboot-required", content: "*** System restart required ***\n" } },
      { name: "again", reboot: { only_if_required: true, test_command: "systemctl is-active ssh" }, register: "r" },
      { name: "behind", copy: { dest: "/srv/behind", content: "{{ r.rebooted }}\n" } },
      { name: "still", reboot: { only_if_required: true } },
    ];
    const before = await id(host);
    const check = await run(tasks.slice(0, 2), "box", "--check");
    expect(check.said).toEqual(["box: changed asks", "box: changed again"]);
    expect(await id(host)).toBe(before);
    const done = await run(tasks);
    expect(done.said).toEqual(["box: changed asks", "box: changed again", "box: changed behind", "box: ok still"]);
    expect(await id(host)).not.toBe(before);
    expect(await host.out("cat /srv/behind")).toBe("true");
    expect(await host.out("nft -s list table inet edge")).toContain("jump web");
    expect(await host.out("ls /run/rempart.lock /run/reboot-required 2>/dev/null; true")).toBe("");
  });

  test("a host whose key is another one behind the reboot is not entered: unreachable, with the reason", async () => {
    const ended = await run(
      [
        { name: "swap", shell: { cmd: "rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -A", always: "new host keys" } },
        { name: "again", reboot: { reboot_timeout: 120 } },
        { name: "behind", ping: {} },
      ],
      "old",
    );
    expect(ended.exit).toBe(4);
    expect(ended.said).toEqual(["old: changed swap"]);
    const gone = ended.events().find((e) => e.event === "host");
    expect(gone?.message).toMatch(/did not come back: the host key of .* has changed/);
  });
});
