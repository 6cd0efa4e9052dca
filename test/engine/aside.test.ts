import { describe, expect, it } from "vitest";
import { boot } from "../../src/facts/boot.ts";
import { absent } from "../../src/facts/path.ts";
import type { Performed, Target, Unreachable, Work } from "../../src/kernel/target.ts";
import { modules } from "../../src/modules/index.ts";
import { drive } from "./drive.ts";

/** A stand-in for a machine that reboots: each boot has an id, and its connections end with it. */
class Rebooting {
  boot = 1;
  /** Connections that were made. */
  connects = 0;
  /** Tries that are turned away while it boots. */
  down = 0;
  /** The command cuts the line before it has told its end. */
  cuts = true;
  /** What the reboot does; by itself a new boot. */
  goesDown = (): void => {
    this.boot++;
    this.down = 1;
  };

  readonly connect = async (): Promise<Target | Unreachable> => {
    this.connects++;
    if (this.down > 0) {
      this.down--;
      return { unreachable: "it refuses connections", help: "" };
    }
    const born = this.boot;
    return {
      perform: async (work) => this.#perform(work, born),
      counts: { roundTrips: 0, processes: 0, bytesSent: 0, bytesReceived: 0 },
      close: async () => undefined,
    };
  };

  #perform(work: Work, born: number): Performed {
    const lost: Performed = { status: "lost", why: "the connection was closed", gone: true, links: [] };
    if (born !== this.boot) return lost;
    if (work.links.length > 0) this.goesDown();
    if (born !== this.boot && this.cuts) return lost;
    const links = work.links.map(() => ({ status: "done" as const, ran: [{ rc: 0, stdout: "", stderr: "", seconds: 0 }] }));
    return {
      status: "done",
      links,
      answers: new Map(work.ask.map((q) => [q.id, q.fact.kind === "boot" ? { id: `b${this.boot}` } : absent])),
    };
  }
}

const play = (...tasks: readonly object[]): string => JSON.stringify([{ hosts: "all", gather_facts: false, tasks }]);
const reboot = { name: "again", reboot: { reboot_timeout: 8 }, register: "r" };
const behind = { name: "behind", debug: { msg: "{{ r.rebooted }}" } };
const on = (host: Rebooting, text: string, check = false) =>
  drive(text, { box: undefined }, { modules, connect: host.connect, inventoryText: "all: { hosts: { box: {} } }", check });

describe("a reboot", () => {
  it.each([true, false])(
    "is waited for and proved by a new boot, whether the line is cut at once (%s) or later",
    async (cuts) => {
      const host = new Rebooting();
      host.cuts = cuts;
      const { tasks } = await on(host, play(reboot, behind));
      expect(tasks.map((t) => `${t.task} ${t.status} ${t.message ?? ""}`)).toEqual(["again changed ", "behind ok true"]);
      expect(host.connects).toBe(3);
    },
    20_000,
  );

  it("that did not happen fails the task", async () => {
    const host = new Rebooting();
    host.goesDown = () => undefined;
    const { tasks } = await on(host, play({ ...reboot, reboot: { reboot_timeout: 1 } }, behind));
    expect(tasks.map((t) => t.status)).toEqual(["failed"]);
    expect(tasks[0]?.message).toMatch(/did not reboot: its boot id is still b1/);
  }, 20_000);

  it("from which the host does not come back leaves it unreachable, with the reason", async () => {
    const host = new Rebooting();
    host.goesDown = () => {
      host.boot++;
      host.down = 1000;
    };
    const { tasks, events } = await on(host, play({ ...reboot, reboot: { reboot_timeout: 1 } }, behind));
    expect(tasks).toEqual([]);
    const gone = events.find((e) => e.event === "host");
    expect(gone?.message).toMatch(/did not come back: it refuses connections .*during the task "again"/);
  }, 20_000);

  it("is only told in check mode, and nothing is done when no package asks for it", async () => {
    const host = new Rebooting();
    const told = await on(host, play(reboot), true);
    expect(told.tasks.map((t) => t.status)).toEqual(["changed"]);
    const calm = await on(host, play({ ...reboot, reboot: { only_if_required: true } }));
    expect(calm.tasks.map((t) => t.status)).toEqual(["ok"]);
    expect(host.boot).toBe(1);
  });

  it("lets the facts of the host be gathered again", async () => {
    const host = new Rebooting();
    const text = JSON.stringify([
      {
        hosts: "all",
        tasks: [{ name: "before", debug: { msg: "{{ facts.id }}" } }, reboot, { name: "after", debug: { msg: "{{ facts.id }}" } }],
      },
    ]);
    const gather = { question: boot({}), shape: { kind: "object", fields: { id: { kind: "string" } } } } as const;
    const { tasks } = await drive(
      text,
      { box: undefined },
      { modules, connect: host.connect, inventoryText: "all: { hosts: { box: {} } }", gather },
    );
    expect(tasks.filter((t) => t.module === "debug").map((t) => t.message)).toEqual(["b1", "b2"]);
  }, 20_000);

  it("has no place in a guarded block", async () => {
    const { errors } = await on(new Rebooting(), play({ guard: { within: "60s" }, become: true, block: [reboot] }));
    expect(errors.join()).toMatch(/"reboot" has no place in a guarded block/);
  });
});

it("a host that is not there yet is waited for, before anything is asked of it", async () => {
  const host = new Rebooting();
  host.down = 2;
  const { lines } = await on(host, play({ name: "wait", wait_for_connection: { timeout: 20 } }, { name: "there", ping: {} }));
  expect(lines).toEqual(["box ok wait", "box ok there"]);
}, 20_000);

describe("a pause", () => {
  const two = { a: undefined, b: undefined, c: undefined };

  it("is one for all hosts that come to it together, and takes its time", async () => {
    const started = performance.now();
    const { lines } = await drive(play({ name: "rest", pause: { seconds: 1 } }), two, { modules, connect: new Rebooting().connect });
    expect(lines).toEqual(["a ok rest", "b ok rest", "c ok rest"]);
    expect(performance.now() - started).toBeGreaterThan(990);
  });

  it("without a time fails where nobody can be asked, and waits for nothing in check mode", async () => {
    const asks = play({ name: "ask", pause: { prompt: "Go on?" } });
    const { tasks } = await drive(asks, { a: undefined }, { modules, connect: new Rebooting().connect });
    expect(tasks[0]).toMatchObject({ status: "failed", message: expect.stringMatching(/no terminal to ask at/) });
    const told = await drive(asks, { a: undefined }, { modules, connect: new Rebooting().connect, check: true });
    expect(told.lines).toEqual(["a ok ask"]);
  });
});
