import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ShownChange } from "../../src/kernel/event.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { currentRun } from "../hosts/run.ts";
import { Rempart, type Told } from "../roles/rempart.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk alice@laptop";
const bytes = (seed: number, size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, i) => (i * seed) % 251));

const tasks: readonly object[] = [
  { name: "text", copy: { dest: "/etc/diffs/text", content: "one\ntwo and a half\nthree" } },
  { name: "binary", copy: { dest: "/etc/diffs/binary", src: "logo" } },
  { name: "secret", copy: { dest: "/etc/diffs/secret", content: '{{ secret "env" "DIFFS_TOKEN" }}', mode: "0640" } },
  { name: "same secret", copy: { dest: "/etc/diffs/same", content: '{{ secret "env" "DIFFS_TOKEN" }}' } },
  { name: "gone", file: { path: "/etc/diffs/gone", state: "absent" } },
  { name: "mode", file: { path: "/etc/diffs/mode", mode: "0600", owner: "daemon" } },
  { name: "link", file: { path: "/etc/diffs/link", state: "link", src: "text" } },
  { name: "group", group: { name: "media", gid: 1500 } },
  { name: "user", user: { name: "media", uid: 1500, group: "media", groups: ["video"], shell: "/usr/sbin/nologin", create_home: false } },
  { name: "password", user: { name: "keeper", password: "{{ hash }}" } },
  { name: "key", authorized_key: { user: "keeper", key } },
  { name: "sysctl", sysctl: { name: "net.ipv4.conf.all.log_martians", value: 1 } },
  { name: "unit", systemd: { name: "cron", state: "stopped", enabled: false } },
];

let host: TestHost;
let check: Told;
let run: Told;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "diffs" });
  await host.out("mkdir /etc/diffs; printf 'one\\ntwo\\nthree\\n' >/etc/diffs/text; printf old-token-of-all >/etc/diffs/secret");
  await host.out("head -c 12000 /dev/zero >/etc/diffs/binary; printf going >/etc/diffs/gone; : >/etc/diffs/mode; chmod 0644 /etc/diffs/*");
  await host.out("useradd -m keeper; echo 'keeper:old password' | chpasswd; ln -s elsewhere /etc/diffs/link");
  await host.out(
    "command -v cron >/dev/null || { printf '[Service]\\nExecStart=/bin/sleep 9999\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/cron.service; systemctl enable --now cron; }",
  );
  const folder = join(currentRun().folder, "diffs");
  mkdirSync(join(folder, "files"), { recursive: true });
  writeFileSync(join(folder, "files/logo"), bytes(7, 13_000));
  writeFileSync(join(folder, "site.yml"), JSON.stringify([{ hosts: "all", become: true, gather_facts: false, tasks }]));
  process.env.DIFFS_TOKEN = "the-new-token-of-all";
  const rempart = new Rempart(join(folder, "site.yml"), [host], { hash: "$6$rempartsalt$abcdefghijklmnopqrstuvwxyz0123456789" });
  check = await rempart.run("--check", "--diff");
  run = await rempart.run("--diff");
}, 300_000);
afterAll(async () => host?.stop());

const of = (told: Told, task: string): readonly ShownChange[] => told.tasks.find((t) => t.task === task)?.changes ?? [];
const fields = (task: string): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(of(check, task).flatMap((c) => c.fields.map((f) => [f.name, [f.before, f.after]])));

describe("what --check --diff shows on a real host", () => {
  test("is what the run then shows: it did what was shown, and nothing else", () => {
    expect(run.exitCode, run.trouble).toBe(0);
    const withoutFingerprints = (told: Told): unknown =>
      told.tasks.map((t) => [t.task, JSON.stringify(t.changes).replace(/#[0-9a-f]{6}/g, "#")]);
    expect(withoutFingerprints(check)).toEqual(withoutFingerprints(run));
    expect(check.changes).toHaveLength(tasks.length);
  });

  test("has texts as unified diffs, a missing newline included", () => {
    expect(of(check, "text")[0]?.diff).toContain(" one\n-two\n-three\n+two and a half\n+three\n\\ No newline at end of file\n");
  });

  test("tells binary files by size and digest", async () => {
    const sha = (await host.out("head -c 12000 /dev/zero | sha256sum")).slice(0, 12);
    expect(fields("binary").content).toEqual([
      `binary, 11.7 KiB, sha256 ${sha}`,
      expect.stringMatching(/^binary, 12\.7 KiB, sha256 [0-9a-f]{12}$/),
    ]);
  });

  test("shows of secrets that they moved, and their mode", () => {
    expect(of(check, "secret")[0]?.fields).toEqual([
      { name: "mode", before: "0644", after: "0640" },
      { name: "content", before: expect.stringMatching(/^#[0-9a-f]{6}$/), after: expect.stringMatching(/^#[0-9a-f]{6}$/), secret: true },
    ]);
    const all = JSON.stringify([check.tasks, run.tasks]);
    for (const text of ["old-token-of-all", "the-new-token-of-all", "rempartsalt", "$y$", "$6$"]) expect(all).not.toContain(text);
  });

  test("gives a secret one fingerprint in a run, and another one in the next", () => {
    const moved = (told: Told, task: string): string | undefined => of(told, task)[0]?.fields.find((f) => f.secret)?.after;
    expect(moved(check, "same secret")).toBe(moved(check, "secret"));
    expect(moved(run, "same secret")).toBe(moved(run, "secret"));
    expect(moved(run, "secret")).not.toBe(moved(check, "secret"));
  });

  test("shows files, links, accounts, keys, sysctls and units before and after, in their own words", () => {
    expect(fields("gone")).toEqual({
      state: ["file", "absent"],
      content: ["5 bytes", "absent"],
      mode: ["0644", "absent"],
      owner: ["root", "absent"],
      group: ["root", "absent"],
    });
    expect(fields("mode")).toEqual({ mode: ["0644", "0600"], owner: ["root", "daemon"] });
    expect(fields("link")).toEqual({ target: ["elsewhere", "text"] });
    expect(fields("group")).toEqual({ state: ["absent", "present"], gid: ["absent", "1500"] });
    expect(fields("user")).toMatchObject({ state: ["absent", "present"], uid: ["absent", "1500"], groups: ["absent", "video"] });
    expect(fields("password")).toEqual({ password: [expect.stringMatching(/^#/), expect.stringMatching(/^#/)] });
    expect(fields("key").key).toEqual(["absent", expect.stringMatching(/^alice@laptop ssh-ed25519 SHA256:H63Urk/)]);
    expect(fields("sysctl")).toMatchObject({ "net.ipv4.conf.all.log_martians": ["absent", "1"], "running value": ["0", "1"] });
    expect(fields("unit")).toEqual({ active: ["active", "inactive"], enabled: ["enabled", "disabled"] });
  });
});
