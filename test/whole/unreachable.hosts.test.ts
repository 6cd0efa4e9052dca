import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";

const playbook = [
  "- name: Marks",
  "  hosts: all",
  "  gather_facts: false",
  "  become: true",
  "  tasks:",
  "    - name: Leave a mark",
  "      copy: { content: \"of {{ inventory_hostname }}\\n\", dest: '/srv/mark-{{ inventory_hostname }}' }",
  "    - name: Leave another",
  "      shell: { cmd: 'echo again >>/srv/mark-{{ inventory_hostname }}', always: a test }",
  "",
].join("\n");

let healthy: TestHost;
let asking: TestHost;
let bench: Bench;

beforeAll(async () => {
  [healthy, asking] = await Promise.all([
    startHost({ release: "trixie", name: "healthy" }),
    startHost({ release: "trixie", name: "asking", sudo: "password" }),
  ]);
  bench = new Bench({ "site.yml": playbook });
  await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${""} -f ${`${bench.folder}/stranger`}`;
  await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${""} -f ${`${bench.folder}/impostor`}`;
  bench.put("nobody_known", "");
  bench.put("other_known", `${asking.address} ${readFileSync(`${bench.folder}/impostor.pub`, "utf8").split(" ").slice(0, 2).join(" ")}\n`);
  const hosts = {
    healthy: healthy.variables(),
    closed: { ...asking.variables(), ansible_port: 9 },
    nowhere: { ...asking.variables(), ansible_host: asking.address.replace(/\d+$/, "254") },
    nameless: { ...asking.variables(), ansible_host: "no-such-host.invalid" },
    unknown: { ...asking.variables(), ansible_ssh_known_hosts: [`${bench.folder}/nobody_known`] },
    changed: { ...asking.variables(), ansible_ssh_known_hosts: [`${bench.folder}/other_known`] },
    refused: { ...asking.variables(), ansible_ssh_private_key_file: `${bench.folder}/stranger` },
    keyless: { ...asking.variables(), ansible_ssh_private_key_file: `${bench.folder}/no-such-key` },
    bare: asking.variables(),
    wrong: { ...asking.variables(), ansible_become_password: "not-the-password" },
    right: { ...asking.variables(), ansible_become_password: asking.password },
  };
  bench.put("inventory/hosts.yml", { all: { hosts } });
});

afterAll(async () => {
  bench.remove();
  await Promise.all([healthy.stop(), asking.stop()]);
});

/** The host; what its line must say, and what the line of help below it. */
const cases: readonly [string, RegExp, RegExp][] = [
  ["closed", /refuses connections on port 9/, /sshd running.*ansible_port/],
  ["nowhere", /no route|did not answer/, /host up/],
  ["nameless", /no-such-host\.invalid cannot be resolved/, /ansible_host/],
  ["unknown", /key .*(not known|unknown)|unknown.* key|no (host )?key/i, /known_hosts|ssh-keyscan|ssh-keygen/],
  ["changed", /key .*(chang|differ|other|not the one)|chang.* key|another key/i, /known_hosts|ssh-keygen -R/],
  ["keyless", /no-such-key/, /ansible_ssh_private_key_file|key file/],
  ["bare", /sudo wants a password/, /ansible_become_password|-K/],
  ["wrong", /sudo refused the password/, /ansible_become_password|-K/],
  ["refused", /refuses the login of deploy/, /authorized_keys/],
];

describe("a host that cannot be reached or entered", () => {
  test.each(cases)("%s: is told with the way out, exit 4, and the other host goes on", async (name, why, help) => {
    await healthy.exec("rm -f /srv/mark-*");
    const done = await bench.run(["run", "site.yml", "-l", `healthy,${name}`]);
    const [line = "", way = ""] = done.stdout.slice(done.stdout.search(new RegExp(`^unreachable +${name}`, "m"))).split("\n");
    expect(line, done.text).toMatch(why);
    expect(way, done.text).toMatch(/^ +help: /);
    expect(way).toMatch(help);
    expect(done.exit, done.text).toBe(4);
    expect(done.text).not.toMatch(/\bat .*\.ts:\d+|node:internal|Error:/);
    expect(await healthy.out("cat /srv/mark-healthy")).toBe("of healthy\nagain");
    expect(done.seconds).toBeLessThan(25);
  });

  test("the same in JSON: an event of the host, and a recap for both", async () => {
    const done = await bench.run(["run", "site.yml", "-l", "healthy,bare", "--output", "json"]);
    expect(done.exit, done.text).toBe(4);
    const [told, ...more] = done.events().filter((e) => e.event === "host");
    expect(more).toEqual([]);
    expect(told).toMatchObject({ event: "host", host: "bare", status: "unreachable" });
    expect(done.recap("bare")).toMatchObject({ unreachable: 1, failed: 0, changed: 0 });
    expect(done.recap("healthy")).toMatchObject({ unreachable: 0, failed: 0 });
    expect(done.tasks("healthy")).toHaveLength(2);
    expect(done.tasks("bare")).toEqual([]);
  });

  test("nothing was done on a host that could not be entered, not even its folder was touched", async () => {
    expect(await asking.out("ls /srv; find / -xdev -name '.rempart-*' 2>/dev/null")).toBe("");
  });
});

test("the right sudo password works, and is nowhere to be seen", async () => {
  const done = await bench.run(["run", "site.yml", "-l", "right", "-v", "--diff"]);
  expect(done.exit, done.text).toBe(0);
  expect(await asking.out("cat /srv/mark-right; stat -c %U /srv/mark-right")).toBe("of right\nagain\nroot");
  expect(done.text).not.toContain(asking.password);
  expect(await asking.out("journalctl -o cat")).not.toContain(asking.password);
});
