import { describe, expect, it } from "vitest";
import type { Event } from "../../src/kernel/event.ts";
import { plainView } from "../../src/views/plain.ts";
import { quietView } from "../../src/views/quiet.ts";
import { counts, paper, task, wholeRun } from "./events.ts";

function print(events: readonly Event[], options: { verbose?: boolean; diff?: boolean; colour?: boolean } = {}) {
  const p = paper();
  const view = plainView(p, { verbose: false, diff: false, colour: false, ...options });
  for (const e of events) view.listen(e);
  return p;
}

const start: Event = { event: "start", playbook: "site.yml", check: false, hosts: ["proliant", "nas"] };
const check: Event = { ...start, check: true };

describe("the plain view", () => {
  it("prints a run as lines, complaints apart", () => {
    const p = print(wholeRun);
    expect(p.text()).toMatchInlineSnapshot(`
      "play Home  (2 hosts, 3 tasks)
      changed  proliant  nginx : Write the site  (0.1s)
          file /etc/nginx/site  mode: 0600 -> 0644
      retry    proliant  nginx : Start it (web)  (attempt 1 of 4, next in 5.0s)
          until: answer.status == 200
      unreachable  nas  connection refused
          help: is sshd running?

      host      ok  changed  maybe  skipped  failed  unreachable  round trips  processes
      proliant   1        1      0        0       0            0            3         40
      nas        0        0      0        0       0            1            0          0
      done in 1.3s
      "
    `);
    expect(p.errors()).toBe("warning: proliant: the clock is 40 s late\nerror: no such file\n");
  });

  it("has no control codes", () => {
    const p = print([...wholeRun, task({ status: "failed", stderr: "\u001b[31mred\u001b[0m\rover" })], { verbose: true, diff: true });
    expect(p.text() + p.errors()).not.toMatch(/[^\P{Cc}\n\t]/u);
  });

  it("shows ok and skipped tasks only with -v, and what a debug task says always", () => {
    const calm = [
      task({ task: "a" }),
      task({ task: "b", status: "skipped", message: "when was false" }),
      task({ task: "c", message: "hello" }),
    ];
    expect(print(calm).text()).toBe("ok       proliant  nginx : c\n    hello\n");
    expect(print(calm, { verbose: true }).text()).toContain("skipped  proliant  nginx : b\n    when was false\n");
  });

  it("says once what a turn of a loop says", () => {
    const open = (item: string, message: string) => ({ item, status: "ok" as const, changes: [], message });
    const one = task({ task: "Report", message: "a", items: [open("a", "a"), open("b", "b")] });
    expect(print([one]).text()).toBe("ok       proliant  nginx : Report\n    ok       a\n    ok       b\n");
    const failed = { item: "c", status: "failed" as const, changes: [], message: "no such file" };
    expect(
      print([task({ status: "failed", message: "no such file", items: [failed] })])
        .text()
        .match(/no such file/g),
    ).toHaveLength(1);
  });

  it("says would change in check mode, and what a maybe waits for", () => {
    const p = print([check, task({ status: "changed" }), task({ status: "maybe", waitsFor: "nginx : Install" })]);
    expect(p.text()).toContain("would change  proliant  nginx : Write the site");
    expect(p.text()).toContain('maybe         proliant  nginx : Write the site  (0.1s)\n    waits for "nginx : Install"');
  });

  it("shows why a task failed: message, exit code, the end of its output, its place", () => {
    const stderr = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join("\n");
    const text = print([task({ status: "failed", message: "nginx -t failed", rc: 1, stderr })]).text();
    expect(text).toContain("failed   proliant  nginx : Write the site  (0.1s)\n    nginx -t failed\n    exit code 1\n");
    expect(text).toContain("stderr: (the last 20 of 30 lines; -v shows all)");
    expect(text).toContain("line 30");
    expect(text).not.toContain("line 10\n");
    expect(text).toContain("template at roles/nginx/tasks/main.yml:14:3");
  });

  it("says that a failure was ignored or rescued", () => {
    expect(print([task({ status: "failed", ignored: "rescued" })]).text()).toMatch(/^rescued/);
    expect(print([task({ status: "failed", ignored: "ignore_errors" })]).text()).toMatch(/^ignored/);
  });

  it("names the items of a loop that changed", () => {
    const items = [
      { item: "a", status: "ok" as const, changes: [] },
      { item: "b", status: "changed" as const, changes: [{ subject: "file /b", fields: [] }] },
    ];
    const text = print([task({ status: "changed", items, changes: items.flatMap((i) => i.changes) })]).text();
    expect(text).toContain("    changed  b\n        file /b\n");
    expect(text).not.toContain("  a\n");
  });

  it("shows diffs with --diff only", () => {
    const changed = task({ status: "changed", changes: [{ subject: "file /x", fields: [], diff: "--- a\n+++ b\n-old\n+new\n" }] });
    expect(print([changed]).text()).not.toContain("+new");
    expect(print([changed], { diff: true }).text()).toContain("      -old\n      +new\n");
    expect(print([changed], { diff: true, colour: true }).text()).toContain("\u001b[32m+new");
  });

  it("shows the diff of a task that asks for it without --diff", () => {
    const changes = [{ subject: "file /x", fields: [], diff: "--- a\n+++ b\n-old\n+new\n", asked: true as const }];
    expect(print([task({ status: "changed", changes })]).text()).toContain("      +new\n");
  });

  it("adds ignored and rescued to the recap only when there were some", () => {
    const recap = (part: object): Event => ({ event: "recap", hosts: { a: counts(part) }, seconds: 70, check: true });
    expect(print([recap({})]).text()).not.toContain("ignored");
    expect(print([recap({ ignored: 2 })]).text()).toContain("ignored");
    expect(print([recap({})]).text()).toContain("would change");
    expect(print([recap({})]).text()).toContain("checked in 1m 10s, nothing was changed");
  });
});

describe("the quiet view", () => {
  it("prints nothing for a run without trouble", () => {
    const p = paper();
    const view = quietView(p, { verbose: true, diff: true, colour: false });
    for (const e of wholeRun.filter((e) => !["host", "warning", "diagnostic"].includes(e.event))) view.listen(e);
    view.listen(task({ status: "failed", ignored: "rescued" }));
    expect(p.text() + p.errors()).toBe("");
  });

  it("prints failures and unreachable hosts", () => {
    const p = paper();
    const view = quietView(p, { verbose: false, diff: false, colour: false });
    for (const e of [...wholeRun, task({ status: "failed", message: "no" })]) view.listen(e);
    expect(p.text()).toContain("unreachable  nas");
    expect(p.text()).toContain("failed   proliant");
  });
});
