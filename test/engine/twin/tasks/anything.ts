import fc from "fast-check";
import { file, maybe, of, one, type Weighted } from "./argument.ts";

export const anything: Weighted = [
  [
    3,
    of("command", {
      cmd: one("install-legacy", "half-way", "append-a", "restart-all", "open-port", "true", "false"),
      always: one("it must"),
    }),
  ],
  [2, of("command", { argv: fc.tuple(one("cp"), file, file), always: one("it writes elsewhere") })],
  [1, of("command", { cmd: one("touch /lab/a", "install-legacy", "true"), creates: one("/lab/a", "/lab/legacy") })],
  [1, of("command", { cmd: one("rm -f /lab/a", "true"), removes: one("/lab/a") })],
  [
    2,
    of("shell", {
      cmd: one("append-a", "install-legacy", "half-way"),
      unless: one("grep -q key=1 /lab/a", "test -e /lab/legacy", "id late"),
    }),
  ],
  [1, of("shell", { cmd: one("append-a"), only_if: one("test -e /lab/b.conf") })],
  [2, of("command", { cmd: one("cat /lab/a", "id late", "cat /etc/webd/webd.conf"), reads: one(true) })],
  [1, of("wait_for", { path: one("/lab/a"), search_regex: maybe(one("^key=1")), state: maybe(one("absent")), timeout: one(5) })],
  [1, of("wait_for", { path: one("/lab/deaths"), timeout: one(5) })],
  [1, of("wait_for", { port: one(80), state: maybe(one("stopped")), timeout: one(5) })],
  [2, of("uri", { url: one("http://127.0.0.1/health", "http://127.0.0.1/items"), return_content: maybe(fc.boolean()) })],
  [1, of("uri", { url: one("http://127.0.0.1/items"), method: one("POST"), body: one("x") })],
  [1, of("set_fact", { level: one("two", "{{ r.changed }}", "{{ r.failed }}") })],
  [1, of("debug", { msg: one("level is {{ level }}", "{{ r.changed }}") })],
  [1, of("assert", { that: one(["level == 'one'"], ["!r.failed"], ["!r.changed"]) })],
  [1, fc.constant({ fail: { msg: "as asked" } })],
  [1, fc.constant({ ping: {} })],
];
