import { describe, expect, it } from "vitest";
import { keepTrying } from "../../src/engine/guard/guardreach.ts";
import type { Performed, Target, Work } from "../../src/kernel/target.ts";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";
import { Planning } from "./planning.ts";

const play = (body: string): string => `- hosts: all\n  gather_facts: false\n${body.replace(/^(?=.)/gm, "  ")}`;

describe("a guarded block is read", () => {
  const read = async (guard: string, tasks = "{ name: one, put: { cell: a, text: x } }"): Promise<readonly string[]> =>
    (await drive(play(`tasks:\n  - guard: ${guard}\n    block:\n      - ${tasks}\n`), { a: new FakeHost() }, { check: true })).errors;

  it.each(["{ within: 90s }", "{ within: 2m }", "{ within: 90 }", "{ within: 30s, port: 2222 }", '{ within: 15m, port: "{{ 2000 }}" }'])(
    "with %s",
    async (guard) => expect(await read(guard)).toEqual([]),
  );

  it.each([
    ["90s", '4:14 guard must be a map, this is the text "90s" | write guard: { within: 90s }'],
    ["{ withn: 90s }", '4:16 guard does not know "withn" | did you mean "within"?'],
    ["{}", "4:14 guard does not say how soon the host must be seen to be reachable | write guard: { within: 90s }"],
    ["{ within: soon }", '4:24 within must be a time, this is the text "soon" | write seconds or minutes: within: 90s, or 2m'],
    ["{ within: 5s }", "4:24 within is 5s: it must be from 30s to 15m"],
    ["{ within: 1h }", '4:24 within must be a time, this is the text "1h" | write seconds or minutes: within: 90s, or 2m'],
    ["{ within: 90s, port: ssh }", '4:35 port must be a number from 1 to 65535, this is the text "ssh"'],
  ])("but not with %s", async (guard, error) => expect(await read(guard)).toEqual([error]));

  it("but not in another, nor around a meta task that leaves it", async () => {
    expect(await read("{ within: 90s }", "{ guard: { within: 60s }, block: [] }")).toEqual([
      "6:20 a guarded block cannot stand in another | the outer guard covers it: remove this one",
    ]);
    expect(await read("{ within: 90s }", "meta: end_host")).toEqual([
      '6:17 "meta: end_host" cannot leave a guarded block: what the block did would be undone | put it behind the block',
    ]);
  });
});

/** A fake host that knows the scripts of a guard by what stands in them, and tells in which order they came with the steps. */
class GuardedFake extends FakeHost {
  readonly did: string[] = [];
  readonly kept: string[] = [];
  /** The script that goes wrong. */
  wrong = "";
  /** How the chain of that number ends, counted from 1. */
  ends: Performed | undefined;
  endsAt = 1;

  constructor() {
    super();
    this.beforeStep = (argv) => void this.did.push(argv.join(" "));
    this.onScript = (text) => {
      this.did.pop();
      const what = text.includes("arm()")
        ? text.includes("OnActiveSec")
          ? "arm"
          : "extend"
        : text.includes("/proved")
          ? "disarm"
          : "undo";
      this.did.push(what);
      if (what === "arm" || what === "extend") this.kept.push(...[...text.matchAll(/^keep \d+ (\S+)/gm)].map((m) => m[1] ?? ""));
      return what === this.wrong ? `${what} went wrong` : undefined;
    };
  }

  override async perform(work: Work): Promise<Performed> {
    const ends = this.ends && ((work.links.length > 1 && --this.endsAt === 0) || (this.endsAt <= 0 && this.ends.status === "lost"));
    if (this.ends && ends) return this.ends;
    return super.perform(work);
  }
}

describe("a guarded block", () => {
  const block = `tasks:
  - name: The block
    guard: { within: 30s }
    block:
      - { name: one, put: { cell: a, text: x }, notify: reload }
      - { name: two, put: { cell: b, text: x } }
    rescue:
      - { name: saved, put: { cell: r, text: x } }
  - { name: after, put: { cell: z, text: x } }
handlers:
  - { name: reload, put: { cell: h, text: x } }
`;
  const proof = "Prove that the host can still be reached";

  it("is armed before its first step, runs its handlers, is proved, and only then comes what stands behind it", async () => {
    const host = new GuardedFake();
    const { lines } = await drive(play(block), { a: host });
    expect(lines).toEqual(["a changed one", "a changed two", "a changed reload", `a ok ${proof}`, "a changed after"]);
    expect(host.did).toEqual(["arm", "put a x", "put b x", "extend", "put h x", "disarm", "put z x"]);
    expect(host.kept).toEqual(["/cells/a", "/cells/b", "/cells/h"]);
  });

  it("keeps what each later chain changes before that chain", async () => {
    const host = new GuardedFake();
    await drive(play(block), { a: host }, { lookahead: false });
    expect(host.did).toEqual(["arm", "put a x", "extend", "put b x", "extend", "put h x", "disarm", "put z x"]);
    expect(host.kept).toEqual(["/cells/a", "/cells/b", "/cells/h"]);
  });

  it("costs nothing where there is nothing to do: no script, no turn, no round trip", async () => {
    const host = new GuardedFake();
    await drive(play(block), { a: host });
    const trips = async (text: string): Promise<number> => {
      host.log.length = 0;
      host.did.length = 0;
      expect((await drive(play(text), { a: host })).lines).toEqual(["a ok one", "a ok two", "a ok after"]);
      expect(host.did).toEqual([]);
      return host.log.length;
    };
    expect(await trips(block)).toBe(await trips(block.replace("    guard: { within: 30s }\n", "")));
  });

  it("is not taken for the one before it, in which there is nothing to do", async () => {
    const host = new GuardedFake();
    const two = `tasks:
  - guard: { within: 30s }
    block: [{ name: still, put: { cell: s, text: x } }]
${block.slice("tasks:\n".length)}`;
    await drive(play(two), { a: host });
    for (const cell of ["a", "h"]) host.cells.delete(cell);
    host.did.length = 0;
    const { lines } = await drive(play(two), { a: host });
    expect(lines).toEqual(["a ok still", "a changed one", "a ok two", "a changed reload", `a ok ${proof}`, "a ok after"]);
    expect(host.did).toEqual(["arm", "put a x", "extend", "put h x", "disarm"]);
  });

  it("shows changes in check mode and proves nothing", async () => {
    const host = new GuardedFake();
    const { lines } = await drive(play(block), { a: host }, { check: true });
    expect(lines).toEqual(["a changed one", "a changed two", "a changed reload", "a changed after"]);
    expect(host.did).toEqual([]);
  });

  it("is put back when one of its tasks fails, drops its handlers, and goes to its rescue", async () => {
    const host = new GuardedFake();
    host.broken.add("b");
    const { lines, tasks } = await drive(play(block), { a: host });
    expect(lines).toEqual(["a changed one", "a failed two (rescued)", "a changed saved", "a changed after"]);
    expect(host.did).toEqual(["arm", "put a x", "put b x", "undo", "put r x", "put z x"]);
    expect(tasks[1]?.message).toBe("b is broken; everything in the guarded block was put back");
  });

  it("is not put back for a failure before it that is ignored", async () => {
    const host = new GuardedFake();
    const text = block.replace("tasks:\n", "tasks:\n  - { name: before, fail: { msg: x }, ignore_errors: true }\n");
    const { lines } = await drive(play(text), { a: host });
    expect(lines.slice(0, 2)).toEqual(["a failed before (ignore_errors)", "a changed one"]);
    expect(host.did).not.toContain("undo");
    expect(host.did).toContain("disarm");
  });

  it("is put back when a task that asks no host fails", async () => {
    const host = new GuardedFake();
    const text = block.replace(
      "- { name: two, put: { cell: b, text: x } }",
      "- meta: flush_handlers\n      - { name: two, fail: { msg: stop } }",
    );
    const { lines, tasks } = await drive(play(text), { a: host });
    expect(lines).toEqual(["a changed one", "a changed reload", "a failed two (rescued)", "a changed saved", "a changed after"]);
    expect(host.did).toEqual(["arm", "put a x", "extend", "put h x", "undo", "put r x", "put z x"]);
    expect(tasks[2]?.message).toBe("stop; everything in the guarded block was put back");
  });

  it("is put back when it is too late to stop the clock, and fails with the reason", async () => {
    const host = new GuardedFake();
    host.wrong = "disarm";
    const { lines, tasks, summary } = await drive(play(block.replace(/ {4}rescue:\n.*\n/, "")), { a: host });
    expect(lines).toEqual(["a changed one", "a changed two", "a changed reload", `a failed ${proof}`]);
    expect(host.did.slice(-2)).toEqual(["disarm", "undo"]);
    expect(tasks.at(-1)?.message).toBe("disarm went wrong; everything in the guarded block was put back");
    expect(summary?.failed).toBe(true);
  });

  it("is put back over a new connection when the old one is cut in the middle, and the run goes on over that", async () => {
    const [host, again] = [new GuardedFake(), new GuardedFake()];
    host.ends = { status: "lost", why: "the connection was closed", gone: true, links: [] };
    const targets = [host, again];
    const connect = async (): Promise<Target> => targets.shift() ?? again;
    const { lines, tasks, summary } = await drive(play(block), { a: host }, { connect });
    expect(lines).toEqual([`a failed ${proof} (rescued)`, "a changed saved", "a changed after"]);
    expect(tasks[0]?.message).toBe('the connection was closed, during the task "one"; everything in the guarded block was put back');
    expect(again.did).toEqual(["undo", "put r x", "put z x"]);
    expect(summary).toMatchObject({ failed: false, unreachable: false });
  });

  it("is put back when the user can no longer become root in the middle of it", async () => {
    const host = new GuardedFake();
    host.ends = { status: "refused", why: "sudo says no", help: "" };
    host.endsAt = 2;
    const { lines, tasks } = await drive(play(block), { a: host });
    expect(lines).toEqual(["a changed one", "a changed two", `a failed ${proof} (rescued)`, "a changed saved", "a changed after"]);
    expect(tasks[2]?.message).toBe("sudo says no; everything in the guarded block was put back");
  });

  it("does nothing when it cannot be armed", async () => {
    const host = new GuardedFake();
    host.wrong = "arm";
    const { lines, tasks } = await drive(play(block), { a: host });
    expect(lines).toEqual(["a failed one (rescued)", "a changed saved", "a changed after"]);
    expect(tasks[0]?.message).toContain("arm went wrong");
    expect(host.did).toEqual(["arm", "put r x", "put z x"]);
  });

  it("runs only the handlers that it notified", async () => {
    const host = new GuardedFake();
    const before = block.replace("tasks:\n", "tasks:\n  - { name: before, put: { cell: c, text: x }, notify: late }\n");
    const { lines } = await drive(play(`${before}  - { name: late, run: { cell: l, text: x } }\n`), { a: host });
    expect(lines.slice(0, 5)).toEqual(["a changed before", "a changed one", "a changed two", "a changed reload", `a ok ${proof}`]);
    expect(lines.at(-1)).toBe("a changed late");
  });

  it("is part of a plan, and is proved over a connection of its own when that is applied", async () => {
    const host = new GuardedFake();
    const plan = await Planning.of(play(block), { a: host });
    let connections = 0;
    const { lines } = await plan.apply(async () => {
      connections++;
      return host;
    });
    expect(lines).toEqual(["a changed one", "a changed two", "a changed reload", `a ok ${proof}`, "a changed after"]);
    expect(host.did.slice(-2)).toEqual(["disarm", "put z x"]);
    expect(connections).toBe(2);
  });

  it("refuses what it could not put back, before anything is connected", async () => {
    const wrong = block.replace("{ name: two, put: { cell: b, text: x } }", "{ name: two, run: { cell: b, text: x } }");
    expect((await drive(play(wrong), { a: undefined })).errors).toEqual([
      '8:24 "run" has no place in a guarded block: how to put back what it does is not known | put it before or behind the block; inside may stand what only asks, and put',
    ]);
    const handler = block.replace("reload, put:", "reload, run:");
    expect((await drive(play(handler), { a: undefined })).errors[0]).toMatch(
      /^7:\d+ the handler "reload" \(run\) has no place in a guarded block/,
    );
  });
});

describe("a host that is looked for", () => {
  it("is tried a few times with pauses between, twice when it says no, and the last reason counts", async () => {
    let tries = 0;
    const never = (refused: boolean) => async (): Promise<{ why: string; refused: boolean }> => ({ why: `no ${++tries}`, refused });
    const until = performance.now() + 60_000;
    expect(await keepTrying(never(false), { pauses: [0.01], until, most: 3 })).toMatchObject({ why: "no 3" });
    expect(await keepTrying(never(false), { pauses: [0.01, 0.05], until: performance.now() })).toMatchObject({ why: "no 4" });
    expect(await keepTrying(never(true), { pauses: [0.01], until, most: 3 })).toMatchObject({ why: "no 6" });
  });

  it("is left in peace after a refusal until it has had the time to put back", async () => {
    const expected = performance.now() + 300;
    const tried: number[] = [];
    const never = async (): Promise<{ why: string; refused: boolean }> => {
      tried.push(performance.now());
      return { why: "no", refused: true };
    };
    await keepTrying(never, { pauses: [0, 0.01], until: expected + 60_000, expected });
    // A timer may be a little early on this clock, and then there is one try more.
    expect(tried.map((at) => at >= expected - 5).slice(0, 3)).toEqual([false, true, true]);
  });
});
