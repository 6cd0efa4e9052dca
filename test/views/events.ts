import type { Event, HostRecap, TaskEvent } from "../../src/kernel/event.ts";
import type { Printer } from "../../src/views/view.ts";

/** A task event with the parts that a test cares about. */
export function task(part: Partial<TaskEvent>): TaskEvent {
  return {
    event: "task",
    host: "proliant",
    role: "nginx",
    task: "Write the site",
    module: "template",
    at: "roles/nginx/tasks/main.yml:14:3",
    handler: false,
    status: "ok",
    changes: [],
    seconds: 0.1,
    ...part,
  };
}

export function counts(part: Partial<HostRecap>): HostRecap {
  return {
    ok: 0,
    changed: 0,
    maybe: 0,
    skipped: 0,
    failed: 0,
    unreachable: 0,
    ignored: 0,
    rescued: 0,
    roundTrips: 0,
    processes: 0,
    bytesSent: 0,
    bytesReceived: 0,
    ...part,
  };
}

/** One event of every kind, as a small run has them. */
export const wholeRun: readonly Event[] = [
  { event: "start", playbook: "site.yml", check: false, hosts: ["proliant", "nas"] },
  { event: "play", play: "Home", at: "site.yml:1:3", hosts: ["proliant", "nas"], tasks: 3 },
  { event: "connecting", host: "proliant" },
  { event: "connected", host: "proliant", seconds: 0.25 },
  { event: "progress", host: "proliant", doing: "nginx : Write the site", left: 2 },
  task({ status: "changed", changes: [{ subject: "file /etc/nginx/site", fields: [{ name: "mode", before: "0600", after: "0644" }] }] }),
  {
    event: "retry",
    host: "proliant",
    role: "nginx",
    task: "Start it",
    item: "web",
    attempt: 1,
    of: 4,
    seconds: 5,
    message: "until: answer.status == 200",
  },
  task({ status: "ok", task: "Start it" }),
  { event: "warning", message: "the clock is 40 s late", host: "proliant" },
  { event: "host", host: "nas", status: "unreachable", message: "connection refused", help: "is sshd running?" },
  { event: "diagnostic", diagnostic: { severity: "error", message: "no such file" } },
  {
    event: "recap",
    hosts: { proliant: counts({ ok: 1, changed: 1, roundTrips: 3, processes: 40 }), nas: counts({ unreachable: 1 }) },
    seconds: 1.25,
    check: false,
  },
];

/** A printer that keeps what it is given. */
export function paper(): Printer & { text: () => string; errors: () => string } {
  const out: string[] = [];
  const err: string[] = [];
  return { out: (t) => out.push(t), err: (t) => err.push(t), text: () => out.join(""), errors: () => err.join("") };
}
