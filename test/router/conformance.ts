import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TaskEvent } from "../../src/kernel/event.ts";
import { modules } from "../../src/modules/index.ts";
import { connect } from "../../src/transport/connect.ts";
import { drive } from "../engine/drive.ts";

/** A router that the suite is run on, real or emulated. */
export interface RouterUnderTest {
  /** The arguments that every task of it gets: driver and place. */
  readonly place: Readonly<Record<string, string>>;
  /** Variables of the host that stands for it: connection and secrets. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly become?: true;
  /** An address that may be a target; `wrong` is one of another machine. */
  readonly target: { readonly to: string; readonly wrong: string };
  /** The ports that are used: two free ones, that of somebody else. */
  readonly ports: { readonly one: number; readonly two: number; readonly foreign: number };
  /** What the router holds, in its own tongue: `tcp 443 192.168.1.10:443 LABEL`, sorted. Ours and others'. */
  truth(): Promise<readonly string[]>;
  /** Another one after every write, and only then. */
  writes(): Promise<unknown>;
  /** Somebody else opens a port. */
  foreign(label: string, port: number, to: string): Promise<void>;
  /** This write from now breaks off: before it is done, or behind it without an answer. 0: none does. */
  cut(write: number, when: "before" | "after"): Promise<void>;
  /** The writes that are broken off; the first and the second when nothing is said. */
  readonly cutsAt?: readonly number[];
  /** A packet from outside to this port: who answers. Only where the router is real. */
  readonly arrives?: (port: number) => Promise<string>;
  /** The provider gives this line only these ports. */
  readonly narrow?: (first: number, last: number) => Promise<void>;
  readonly reservation?: { readonly mac: string; readonly ip: string; readonly otherIp: string; all(): Promise<readonly string[]> };
  readonly pinhole?: { readonly to: string; all(): Promise<readonly string[]>; firewall?(on: boolean): Promise<void> };
  /** The line, as it must be told. */
  readonly line: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface Ran {
  readonly tasks: readonly TaskEvent[];
  readonly statuses: readonly string[];
  /** Messages of what failed or was lost. */
  readonly trouble: string;
}

/** Runs tasks on the router with the whole engine and the real way to it. */
export async function runOn(router: RouterUnderTest, tasks: readonly Readonly<Record<string, unknown>>[], check = false): Promise<Ran> {
  const play = [
    {
      hosts: "all",
      gather_facts: false,
      ...(router.become && { become: true }),
      vars: router.variables,
      tasks: tasks.map((task) =>
        Object.fromEntries(
          Object.entries(task).map(([m, args]) => [m, m.startsWith("router_") ? { ...router.place, ...(args as object) } : args]),
        ),
      ),
    },
  ];
  const done = await drive(JSON.stringify(play), { box: undefined }, { modules, connect, check });
  const lost = done.events.flatMap((e) => (e.event === "host" ? [e.message] : []));
  return {
    tasks: done.tasks,
    statuses: done.tasks.map((t) => t.status),
    trouble: [
      ...done.errors,
      ...lost,
      ...done.tasks.flatMap((t) => (t.status === "failed" ? [`${t.message} ${t.stderr ?? ""}`] : [])),
    ].join("\n"),
  };
}

/** One suite for every driver. */
export function describeRouter(name: string, start: () => Promise<RouterUnderTest>): void {
  describe(name, () => {
    let router: RouterUnderTest;
    beforeAll(async () => {
      router = await start();
    });
    afterAll(() => router?.stop());

    const run = (...tasks: readonly Readonly<Record<string, unknown>>[]): Promise<Ran> => runOn(router, tasks);
    const forward = (more: Readonly<Record<string, unknown>> = {}) => ({
      router_forward: { name: "https", wan_port: router.ports.one, to: router.target.to, static: true, ...more },
    });
    const entry = (label: string, port: number, to: string, toPort = port): string => `tcp ${port} ${to}:${toPort} ${label}`;
    const ours = (toPort?: number): string => entry("rempart: https", router.ports.one, router.target.to, toPort);
    /** Runs the tasks; nothing may be written. */
    const idle = async (...tasks: readonly Readonly<Record<string, unknown>>[]): Promise<Ran> => {
      const [writes, truth] = [await router.writes(), await router.truth()];
      const done = await run(...tasks);
      expect(await router.truth()).toEqual(truth);
      expect(await router.writes()).toBe(writes);
      return done;
    };

    test("a check says what would change and writes nothing", async () => {
      const [writes, truth] = [await router.writes(), await router.truth()];
      const { statuses, trouble } = await runOn(router, [forward()], true);
      expect(statuses, trouble).toEqual(["changed"]);
      expect([await router.writes(), await router.truth()]).toEqual([writes, truth]);
    });

    test("a forward is made, and a second run writes nothing", async () => {
      const first = await run(forward());
      expect(first.statuses, first.trouble).toEqual(["changed"]);
      expect(await router.truth()).toContain(ours());
      const again = await idle(forward());
      expect(again.statuses, again.trouble).toEqual(["ok"]);
      if (router.arrives) expect(await router.arrives(router.ports.one)).toBe(`${router.target.to}:${router.ports.one}`);
    });

    test("a changed target is changed in place of the old one", async () => {
      const done = await run(forward({ to_port: router.ports.two }));
      expect(done.statuses, done.trouble).toEqual(["changed"]);
      expect(await router.truth()).toEqual([ours(router.ports.two)]);
      if (router.arrives) expect(await router.arrives(router.ports.one)).toBe(`${router.target.to}:${router.ports.two}`);
      expect((await run(forward())).statuses).toEqual(["changed"]);
      expect(await router.truth()).toEqual([ours()]);
    });

    test("what is wrong is refused, and nothing is written", async () => {
      expect((await idle(forward({ name: "media", wan_port: 8096 }))).trouble).toContain("port 8096 is never opened");
      expect((await idle(forward({ name: "media", wan_port: router.ports.two, to_port: 8096 }))).trouble).toContain(
        "port 8096 is never opened",
      );
      expect(
        (await idle(forward({ name: "other", wan_port: router.ports.two, to: router.target.wrong, static: false }))).trouble,
      ).toContain("static: true");
      expect((await idle(forward({ name: "other" }))).trouble).toContain("which is another of ours");
    });

    test("the entry of somebody else is told and survives, and its port is refused with its name", async () => {
      const { foreign } = router.ports;
      await router.foreign("by hand", foreign, router.target.wrong);
      const theirs = (await router.truth()).filter((line) => !line.includes("rempart"));
      expect(theirs).toHaveLength(1);
      const taken = await idle(forward({ name: "mine", wan_port: foreign }));
      expect(taken.trouble).toMatch(/is taken by ".*which is not ours/);
      expect(taken.trouble).toContain(router.target.wrong);
      const told = await idle({ router_facts: {}, register: "r" }, { debug: { msg: "{{ json r }}" } });
      expect(told.tasks[1]?.message, told.trouble).toContain(`tcp ${foreign} to ${router.target.wrong}:${foreign}`);
      const all = await run({ router_forward: { forwards: [] } });
      expect(all.statuses, all.trouble).toEqual(["changed"]);
      expect(await router.truth()).toEqual(theirs);
      if (router.arrives) expect(await router.arrives(router.ports.one)).toBe("");
      expect((await idle({ router_forward: { forwards: [] } })).statuses).toEqual(["ok"]);
    });

    test("the entry of somebody else goes only when it is asked for by name", async () => {
      const label = /^\S+ \S+ \S+ (.*)$/.exec((await router.truth())[0] ?? "")?.[1] ?? "";
      expect((await idle({ router_forward: { name: "by-hand", state: "absent" } })).statuses).toEqual(["ok"]);
      const gone = await run({ router_forward: { foreign: label, state: "absent" } });
      expect(gone.statuses, gone.trouble).toEqual(["changed"]);
      expect(await router.truth()).toEqual([]);
    });

    test.each(["before", "after"] as const)(
      "a run that breaks off %s a write is ended by the next, and nothing is there twice",
      async (when) => {
        const two = [forward(), forward({ name: "second", wan_port: router.ports.two })];
        for (const write of router.cutsAt ?? [1, 2]) {
          await router.cut(write, when);
          await run(...two);
          const next = await run(...two);
          expect(next.trouble.trim()).toBe("");
          expect(await router.truth()).toEqual([ours(), entry("rempart: second", router.ports.two, router.target.to)].sort());
          expect((await idle(...two)).statuses).toEqual(["ok", "ok"]);
          await router.cut(write, when);
          await run({ router_forward: { forwards: [] } });
          await router.cut(0, when);
          expect((await run({ router_forward: { forwards: [] } })).trouble.trim()).toBe("");
          expect(await router.truth()).toEqual([]);
        }
      },
    );

    test("a port that the provider does not give to the line is refused", async (context) => {
      if (!router.narrow) return context.skip();
      const { one } = router.ports;
      await router.narrow(one + 1, one + 1000);
      expect((await idle(forward())).trouble).toContain(`gives it ports ${one + 1}-${one + 1000} only`);
      await router.narrow(0, 65535);
    });

    test("an address is reserved, and is then good as a target", async (context) => {
      const { reservation } = router;
      if (!reservation) return context.skip();
      const { mac, ip, otherIp } = reservation;
      const reserve = (more: object = {}) => ({ router_reservation: { name: "server", mac, ip, ...more } });
      const open = { router_forward: { name: "https", wan_port: router.ports.one, to: ip } };
      expect((await runOn(router, [reserve(), open], true)).statuses).toEqual(["changed", "changed"]);
      const first = await run(reserve(), open);
      expect(first.statuses, first.trouble).toEqual(["changed", "changed"]);
      expect(await reservation.all()).toEqual([`${mac} ${ip}`]);
      expect((await idle(reserve(), open)).statuses).toEqual(["ok", "ok"]);
      const moved = await run(reserve({ ip: otherIp }));
      expect(moved.statuses, moved.trouble).toEqual(["changed"]);
      expect(await reservation.all()).toEqual([`${mac} ${otherIp}`]);
      const gone = await run({ router_forward: { forwards: [] } }, { router_reservation: { name: "server", state: "absent" } });
      expect(gone.statuses, gone.trouble).toEqual(["changed", "changed"]);
      expect(await reservation.all()).toEqual([]);
    });

    test("the IPv6 firewall is opened for one machine, and never while it is off", async (context) => {
      const { pinhole } = router;
      if (!pinhole) return context.skip();
      const open = { router_pinhole: { name: "nginx", to: pinhole.to } };
      if (pinhole.firewall) {
        await pinhole.firewall(false);
        expect((await idle(open)).trouble).toContain("IPv6 firewall is off");
        await pinhole.firewall(true);
      }
      const first = await run(open);
      expect(first.statuses, first.trouble).toEqual(["changed"]);
      expect(await pinhole.all()).toEqual([`tcp 443 ${pinhole.to} rempart: nginx`]);
      expect((await idle(open)).statuses).toEqual(["ok"]);
      expect((await idle({ router_pinhole: { name: "other", to: pinhole.to } })).trouble).toContain("one is enough");
      expect((await idle({ router_pinhole: { name: "nginx", to: "2001:db8:ffff::1" } })).trouble).toContain(
        "is not in the prefix of this line",
      );
      expect((await run({ router_pinhole: { name: "nginx", state: "absent" } })).statuses).toEqual(["changed"]);
      expect(await pinhole.all()).toEqual([]);
    });

    test("what the line is like is told", async () => {
      const told = await idle({ router_facts: {}, register: "r" }, { debug: { msg: "{{ json r }}" } });
      expect(told.statuses, told.trouble).toEqual(["ok", "ok"]);
      expect(JSON.parse(told.tasks[1]?.message ?? "{}")).toMatchObject(router.line);
    });
  });
}
