import { createHash } from "node:crypto";
import { expect } from "vitest";
import { jellyfinKey } from "../../src/facts/jellyfin/requests.ts";

/** A question to the router, and what it answers: a value, or the reason why it cannot tell. */
export interface Asked {
  readonly key: unknown;
  readonly answers?: unknown;
  readonly not?: RegExp;
}

/** /etc/group of the router-like host holds these lines. */
const groups = "root:x:0:\ndaemon:x:1:\nusers:x:100:\nnetwork:x:101:\nnogroup:x:65534:\n";
const sha256 = createHash("sha256").update(groups).digest("hex");
const groupFile = { type: "file", mode: "0644", uid: 0, gid: 0, owner: "root", group: "root", size: groups.length };
const closed = { method: "GET", config: "", digest: "", timeout: 5 };

/** For every kind of fact: questions that a router gets, with their answers. */
export const questions: Readonly<Record<string, readonly Asked[]>> = {
  account: [
    { key: { kind: "user", name: "network" }, answers: { exists: true, id: 101, name: "network" } },
    { key: { kind: "user", name: "nosuch" }, answers: { exists: false } },
    { key: { kind: "group", name: "100" }, answers: { id: 100, name: "users" } },
    { key: { kind: "acting user" }, answers: { exists: true, id: 0, name: "root" } },
    { key: { kind: "acting group" }, answers: { exists: true, id: 0, name: "root" } },
  ],
  apt_lists: [{ key: { valid: 3600 }, not: /^not on this host: no apt/ }],
  authorized_keys: [
    { key: { user: "root" }, answers: { uid: 0, file: { mode: "-rw-------" }, lines: [expect.stringMatching(/^ssh-/)] } },
    { key: { user: "nosuch" }, answers: { uid: -1, lines: [] } },
  ],
  autoremovable: [{ key: { purge: false }, not: /^not on this host: no apt/ }],
  awaited: [
    { key: { port: 22, state: "there" }, answers: { holds: true } },
    { key: { port: 9, state: "gone" }, answers: { holds: true } },
    { key: { port: 9, state: "drained" }, answers: { holds: true } },
    { key: { port: 22, host: "192.0.2.1", state: "there" }, not: /on this host/ },
    { key: { path: "/etc/passwd", line: "^root:", state: "there" }, answers: { holds: true } },
    { key: { path: "/nosuch", state: "there" }, answers: { holds: false } },
  ],
  boot: [{ key: {}, answers: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } }],
  build_context: [
    { key: "/nosuch", answers: { digest: "" } },
    { key: "/etc", not: /find on this host cannot list/ },
  ],
  candidate: [{ key: "nginx", not: /^not on this host: no apt/ }],
  compose_project: [{ key: { src: "/opt/web", files: [], profiles: [] }, not: /Docker is not installed on this host/ }],
  docker_image: [{ key: "app:1", not: /Docker is not installed on this host/ }],
  docker_network: [{ key: "media", not: /Docker is not installed on this host/ }],
  found: [
    {
      key: { paths: ["/etc", "/nosuch"], names: ["gr*"], not: [], type: "file", depth: 1, hidden: false, digest: true, line: "^users:" },
      answers: {
        entries: [
          { path: "/etc/group", type: "file", mode: "0644", uid: 0, gid: 0, size: groups.length, mtime: expect.any(Number), sha256 },
        ],
        skipped: { "/nosuch": "there is nothing" },
      },
    },
  ],
  group: [
    { key: "users", answers: { present: true, gid: 100, members: [] } },
    { key: "nosuch", answers: { present: false, gid: null } },
  ],
  http: [{ key: { ...closed, url: "http://127.0.0.1:9/", plain: true }, not: /on this host/ }],
  jellyfin: [{ key: jellyfinKey("http://127.0.0.1:9", "ada", "a long word"), not: /curl is not on this host/ }],
  jellyfin_login: [
    { key: { ...jellyfinKey("http://127.0.0.1:9", "ada", "a long word"), from: "203.0.113.77" }, not: /curl is not on this host/ },
  ],
  kernel_module: [
    { key: "no_such_module", answers: { state: "absent" } },
    { key: "no-such-module", answers: { state: "absent" } },
  ],
  mount: [
    { key: { path: "/proc", src: "proc", fstype: "proc" }, answers: { mounted: true, fstype: "proc", wanted: true, layers: 1 } },
    { key: { path: "/etc" }, answers: { mounted: false, point: "directory" } },
    { key: { path: "/no such" }, answers: { mounted: false, point: "absent" } },
  ],
  new_accounts: [{ key: null, answers: { gids: [0, 1, 100, 101, 65534], user: { first: 1000, last: 60000 }, foreign: false } }],
  nftables: [{ key: { family: "inet", name: "edge" }, not: /nft is not installed on this host/ }],
  offer: [{ key: "nginx", not: /^not on this host: no apt/ }],
  package: [{ key: "nginx", not: /^not on this host: no dpkg/ }],
  packed: [
    {
      key: { kind: "gz", root: "/etc", patterns: ["group"], not: [], dest: "/nosuch", archive: false },
      answers: { count: 1, single: true, same: false },
    },
    { key: { kind: "gz", root: "/etc", patterns: ["nosuch"], not: [], dest: "/nosuch", archive: false }, answers: { count: 0 } },
    {
      key: { kind: "gz", root: "", patterns: ["etc"], not: [], dest: "/nosuch", archive: false },
      not: /GNU tar only, which is not on this host/,
    },
  ],
  path: [
    { key: { path: "/etc/group" }, answers: groupFile },
    { key: { path: "/etc/group", want: "digest" }, answers: { ...groupFile, sha256 } },
    { key: { path: "/etc/group", want: "content" }, answers: { ...groupFile, content: groups } },
    { key: { path: "/etc/group", want: { size: groups.length, sha256 } }, answers: { ...groupFile, sha256 } },
    { key: { path: "/etc/group", want: { size: 1, sha256 } }, answers: { ...groupFile, content: groups } },
    { key: { path: "/bin/sh" }, answers: { type: "link", target: "../usr/lib/test-host/busybox" } },
    { key: { path: "/tmp" }, answers: { type: "directory", mode: "1777" } },
    { key: { path: "/dev/null" }, answers: { type: "other" } },
    { key: { path: "/nosuch/below" }, answers: { type: "absent" } },
    { key: { path: "/etc/it's $(odd)" }, answers: { type: "absent" } },
  ],
  probe: [
    { key: { text: "echo a; echo e >&2; exit 3" }, answers: { rc: 3, stdout: "a\n", stderr: "e\n" } },
    { key: { argv: ["id", "-u"] }, answers: { rc: 0, stdout: "0\n", stderr: "" } },
    { key: { text: "cat; pwd", stdin: "in ", chdir: "/etc" }, answers: { rc: 0, stdout: "in /etc\n" } },
  ],
  program: [
    { key: "ls", answers: { there: true } },
    { key: "groupadd", answers: { there: false } },
  ],
  router_nftables: [{ key: { wan: "eth0" }, not: /^nft is not on this host: install nftables/ }],
  public_key: [
    { key: { path: "/nosuch" }, answers: { state: "absent" } },
    { key: { path: "/etc/group" }, not: /^openssl is not on this host/ },
  ],
  router_openwrt: [{ key: { wan: "wan", lan: "lan" }, not: /^not on this host: no uci/ }],
  router_upnp: [{ key: { igd: "http://127.0.0.1:9/rootDesc.xml" }, not: /on this host/ }],
  sysctl: [
    { key: "net.ipv4.ip_forward", answers: { value: expect.stringMatching(/^[01]$/) } },
    { key: "kernel.no_such_parameter", answers: { value: null } },
  ],
  system: [
    {
      key: {},
      answers: {
        os: { id: "openwrt", version: "24.10" },
        hostname: expect.stringMatching(/./),
        virtualisation: { container: true },
        package_manager: null,
      },
    },
  ],
  timer: [{ key: "backup.timer", not: /no systemd on this host/ }],
  ufw: [{ key: {}, not: /ufw is not installed on this host/ }],
  unit: [{ key: "nginx", not: /no systemd on this host/ }],
  units_stale: [{ key: {}, not: /no systemd on this host/ }],
  unpacked: [
    { key: { archive: "/nosuch.tar", kind: "tar", dest: "/tmp", strip: 0, list: false }, answers: { present: false } },
    { key: { archive: "/etc/group", kind: "tar", dest: "/tmp", strip: 0, list: false }, not: /listing|damaged/ },
    { key: { archive: "/etc/group", kind: "tar.xz", dest: "/tmp", strip: 0, list: false }, not: /xz is not on this host/ },
  ],
  user: [
    { key: { name: "root", password: true }, answers: { present: true, uid: 0, home: "/root", shell: "/bin/ash", homeExists: true } },
    { key: { name: "network" }, answers: { present: true, uid: 101, group: "network", groups: [] } },
    { key: { name: "nosuch" }, answers: { present: false } },
  ],
};
