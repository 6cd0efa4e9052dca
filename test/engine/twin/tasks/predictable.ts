import fc from "fast-check";
import { maybe, of, one, type Weighted } from "./argument.ts";

const place = one("/lab/a", "/lab/a", "/lab/a", "/lab/d1/a", "/lab/d2/a", "/lab/link/a");
const mode = one("0644", "0600");

/** Tasks whose effect can be foretold, on few things: they make long chains, in which most disturbances hit something. */
export const predictable: Weighted = [
  [
    3,
    of("file", {
      path: one("/lab/d1", "/lab/d1", "/lab/d2", "/lab/d1/sub"),
      state: one("directory"),
      mode: maybe(one("0755", "0700")),
      owner: maybe(one("daemon")),
    }),
  ],
  [1, of("file", { path: place, state: one("absent") })],
  [1, of("file", { path: one("/lab/link"), src: one("d1", "d2"), state: one("link"), force: one(true) })],
  [4, of("copy", { dest: place, content: one("one\n", "key=1\n"), mode: maybe(mode), owner: maybe(one("daemon", "1500")) })],
  [4, of("lineinfile", { path: place, line: one("key=1", "key=3", "drift"), regexp: maybe(one("^key=")), create: one(true) })],
  [2, of("lineinfile", { path: place, line: one("drift", "key=1"), state: one("absent") })],
  [1, of("ini_file", { path: place, section: maybe(one("web")), option: one("key"), value: one(1, 2) })],
  [1, of("json_patch", { path: one("/lab/d1/a.json"), values: one({ a: 1 }, { a: 2, b: null }), create: one(true) })],
  [2, of("group", { name: one("late", "labs"), gid: one(1500, 1501) })],
  [
    2,
    of("user", {
      name: one("late"),
      uid: maybe(one(1500, 1502)),
      shell: maybe(one("/bin/bash", "/bin/sh")),
      groups: maybe(one(["labs"], [])),
      password: maybe(one("$6$abc$def")),
    }),
  ],
  [
    1,
    of("authorized_key", {
      user: one("late"),
      key: one("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk alice@laptop"),
      exclusive: maybe(fc.boolean()),
    }),
  ],
  [3, of("sysctl", { name: one("vm.swappiness", "net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"), value: one(0, 1, 10) })],
  [3, of("ufw", { rule: one("allow", "limit"), port: one(22, 80), proto: one("tcp"), delete: maybe(fc.boolean()) })],
  [1, of("ufw", { default: one("deny", "reject"), logging: maybe(one("low", "high")) })],
  [2, of("systemd", { name: one("app", "webd"), enabled: fc.boolean() })],
  [1, of("apt", { name: one("tool"), hold: fc.boolean() })],
  [1, of("stat", { path: place })],
];
