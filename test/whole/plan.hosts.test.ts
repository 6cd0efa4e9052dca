import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { fingerprint } from "../roles/rempart.ts";
import { Bench } from "./bench.ts";

let web: TestHost;
let nas: TestHost;
let bench: Bench;

const tasks: readonly object[] = [
  { name: "Group", group: { name: "media" } },
  { name: "User", user: { name: "keeper", group: "media", shell: "/usr/sbin/nologin" } },
  { name: "Folder", file: { path: "/srv/kept", state: "directory", owner: "keeper", group: "media", mode: "0750" } },
  { name: "Motd", template: { src: "motd.hbs", dest: "/etc/motd" } },
  { name: "Message of the day is read", command: { cmd: "cat /etc/motd", reads: true }, register: "motd" },
  { name: "Line", lineinfile: { path: "/etc/environment", line: "KEPT=yes" } },
  { name: "Sysctl", sysctl: { name: "net.ipv4.conf.all.log_martians", value: "1" } },
  {
    name: "Unit",
    copy: {
      dest: "/etc/systemd/system/kept.service",
      content: "[Service]\nExecStart=/usr/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n",
    },
    notify: "Restart kept",
  },
  { name: "Kept", systemd: { name: "kept", state: "started", enabled: true, daemon_reload: true } },
  { name: "Script", shell: { cmd: "date >/srv/kept/made", creates: "/srv/kept/made" }, register: "made" },
  { name: "Result", copy: { dest: "/srv/kept/result", content: "{{ made.cmd }}" } },
];
const handlers: readonly object[] = [{ name: "Restart kept", systemd: { name: "kept", state: "restarted" } }];

beforeAll(async () => {
  [web, nas] = await Promise.all([startHost({ release: "trixie", name: "web" }), startHost({ release: "trixie", name: "nas" })]);
  bench = new Bench({
    "inventory/hosts.yml": { all: { hosts: { web: web.variables(), nas: nas.variables() } } },
    "templates/motd.hbs": "{{ inventory_hostname }} runs {{ facts.os.id }}\n",
    "site.yml": [{ name: "Plan", hosts: "all", become: true, tasks, handlers }],
  });
});

afterAll(async () => {
  bench.remove();
  await Promise.all([web?.stop(), nas?.stop()]);
});

const plan = () => bench.run(["plan", "site.yml", "-o", "site.plan", "--output", "json"]);
const apply = () => bench.run(["apply", "site.plan", "--output", "json"]);
const refusals = (events: readonly { event: string }[]) => events.filter((e) => e.event === "host");

describe("a plan of two hosts", () => {
  test("writes nothing on them, and says with 2 that something is to be done", async () => {
    const before = [await fingerprint(web), await fingerprint(nas)];
    const done = await plan();
    expect(done.exit, done.text.slice(0, 4000)).toBe(2);
    expect(done.recap("web").changed).toBeGreaterThan(6);
    expect([await fingerprint(web), await fingerprint(nas)]).toEqual(before);
    expect(await web.out("find / -xdev -name '.rempart*' 2>/dev/null; ls /run/rempart* 2>/dev/null; true")).toBe("");
    const shown = await bench.run(["show", "site.plan", "-v"]);
    expect(shown.exit, shown.text).toBe(0);
    expect(shown.stdout).toMatch(/stands on .*, predicted by task \d/);
    expect(shown.stdout).toMatch(/stands on path \/etc\/motd, observed [0-9a-f]{8}/);
  });

  test("is refused on the host where a fact moved, by name and before its first step, and done on the other", async () => {
    await nas.out("echo 'by hand' >/etc/motd");
    const before = await fingerprint(nas);
    const done = await apply();
    expect(done.exit, done.text.slice(0, 4000)).toBe(1);
    expect(refusals(done.events())).toMatchObject([
      {
        host: "nas",
        status: "refused",
        message: expect.stringContaining("path /etc/motd is no longer as it was when the plan was made (task 4, Motd)"),
      },
    ]);
    expect(await fingerprint(nas)).toBe(before);
    expect(done.tasks("nas")).toEqual([]);
    expect(done.tasks("web").filter((t) => t.status === "failed")).toEqual([]);
    expect(await web.out("cat /etc/motd /srv/kept/result; systemctl is-active kept; stat -c '%U %G %a' /srv/kept")).toBe(
      "web runs debian\ndate >/srv/kept/madeactive\nkeeper media 750",
    );
  });

  test("is made again for what is left, and then finds nothing to do", async () => {
    const second = await plan();
    expect(second.exit, second.text.slice(0, 4000)).toBe(2);
    expect(second.recap("web")).toMatchObject({ changed: 0, maybe: 0 });
    const done = await apply();
    expect(done.exit, done.text.slice(0, 4000)).toBe(0);
    expect(done.recap("web").changed).toBe(0);
    const third = await plan();
    expect(third.exit, third.text.slice(0, 4000)).toBe(0);
  });
});
