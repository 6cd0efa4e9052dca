import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Packages that every test host has. */
export const packages = [
  "ca-certificates",
  "dbus",
  "iproute2",
  "iptables",
  "kmod",
  "libpam-systemd",
  "openssh-server",
  "procps",
  "sudo",
  "systemd-sysv",
];
/** Settings that each container has for itself; target/reset.sh puts them to 0. */
export const settings = [
  "accept_redirects",
  "secure_redirects",
  "send_redirects",
  "accept_source_route",
  "log_martians",
  "rp_filter",
  "arp_ignore",
  "arp_announce",
  "proxy_arp",
  "shared_media",
];

const template =
  "# Written for {{ greeting }}\nnumber = {{ number }}\nlisten = 0.0.0.0:{{ port }}\nroot = /srv/bench/folder-{{ number }}\n";

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** The 100 tasks that all programs get, in words that all of them understand. */
export function hundredTasks(): object[] {
  return [
    ...times(20, (i) => ({ name: `Folder ${i}`, file: { path: `/srv/bench/folder-${i}`, state: "directory", mode: "0750" } })),
    ...times(20, (i) => ({ name: `File ${i}`, copy: { content: `number ${i}\n`, dest: `/srv/bench/folder-${i}/file`, mode: "0640" } })),
    ...times(10, (i) => ({
      name: `Template ${i}`,
      template: { src: "app.conf.hbs", dest: `/srv/bench/folder-${i}/app.conf`, mode: "0644" },
      vars: { number: i, port: 8000 + i },
    })),
    ...times(10, (i) => ({
      name: `Line ${i}`,
      lineinfile: {
        path: `/etc/bench/${i < 5 ? "a" : "b"}.conf`,
        regexp: `^setting_${(i % 5) + 1} = `,
        line: `setting_${(i % 5) + 1} = wanted`,
      },
    })),
    ...times(5, (i) => ({ name: `Group ${i}`, group: { name: `bench-group-${i}` } })),
    ...times(5, (i) => ({ name: `User ${i}`, user: { name: `bench-user-${i}`, group: `bench-group-${i}`, shell: "/usr/sbin/nologin" } })),
    ...settings.map((name) => ({
      name: `Setting ${name}`,
      sysctl: { name: `net.ipv4.conf.default.${name}`, value: "1", sysctl_file: "/etc/sysctl.d/60-bench.conf" },
    })),
    ...times(10, (i) => ({ name: `Daemon ${i}`, systemd: { name: `bench-daemon-${i}`, state: "started" } })),
    ...packages.map((name) => ({ name: `Package ${name}`, apt: { name, state: "present" } })),
  ];
}

/** Of the 100 tasks the packages alone find nothing to do in a first run. */
export const changesOfFirstRun = 90;

/** Ten commands that have to run, every time. */
export function tenCommands(): object[] {
  return times(10, (i) => ({ name: `Command ${i}`, command: { cmd: `/usr/bin/test ${i} -lt 10` }, changed_when: true }));
}

/** Writes site.yml, commands.yml and the template; JSON is YAML too. */
export function writePlaybooks(folder: string, gatherFacts: boolean): void {
  const play = (tasks: object[]): string =>
    JSON.stringify(
      [{ name: "Bench", hosts: "all", become: true, gather_facts: gatherFacts, vars: { greeting: "everyone" }, tasks }],
      null,
      1,
    );
  mkdirSync(join(folder, "templates"), { recursive: true });
  writeFileSync(join(folder, "templates/app.conf.hbs"), template);
  writeFileSync(join(folder, "site.yml"), play(hundredTasks()));
  writeFileSync(join(folder, "commands.yml"), play(tenCommands()));
}
