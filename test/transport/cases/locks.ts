import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { LockHolder, LockRequest, Performed, Target } from "../../../src/kernel/target.ts";
import { doing, type Subject, script } from "../subject.ts";

const lock = (owner: string, more: Partial<LockRequest> = {}): LockRequest => ({
  run: randomBytes(8).toString("hex"),
  owner,
  runner: "here.1.2",
  started: Date.now() - 60_000,
  take: true,
  ...more,
});

/** One run at a time per host. */
export function lockCases(subject: Subject): void {
  const touch = (name: string) => ({ links: [doing(script(`echo x >${subject.path(name)}`))] });
  const there = async (name: string) => (await subject.run(script(`[ -e ${subject.path(name)} ]`, { okCodes: [0, 1] }))).rc === 0;

  const opened: Target[] = [];
  async function another(): Promise<Target> {
    const target = await subject.fresh();
    opened.push(target);
    return target;
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((target) => target.close()));
  });

  test("a second run is told who holds the host, and does nothing", async () => {
    const [first, second] = [await another(), await another()];
    expect((await subject.perform({ ...touch("first"), lock: lock("anna@laptop") }, first)).status).toBe("done");
    const refused = await subject.perform({ ...touch("second"), lock: lock("bert") }, second);
    expect(refused).toMatchObject({ status: "refused", lockedBy: { owner: "anna@laptop" } });
    const { started, expires } = holder(refused);
    expect(Math.abs(Date.now() - 60_000 - started.getTime())).toBeLessThan(30_000);
    expect(expires.getTime()).toBeGreaterThan(Date.now() + 60_000);
    expect([await there("first"), await there("second")]).toEqual([true, false]);
  });

  test("the holder goes on with the same lock, on every shell", async () => {
    const first = await another();
    const mine = lock("anna");
    for (const lane of ["control", "work", "control"] as const) {
      expect((await subject.perform({ lane, lock: mine }, first)).status).toBe("done");
    }
    expect((await subject.perform({ lock: lock("bert") }, await another())).status).toBe("refused");
  });

  test("the lock goes with its connection", async () => {
    const first = await another();
    await subject.perform({ lock: lock("anna") }, first);
    await first.close();
    expect((await subject.perform({ lock: lock("bert") }, await another())).status).toBe("done");
  });

  test("a lock whose shell was killed is stale", async () => {
    const first = await another();
    await subject.perform({ lock: lock("anna") }, first);
    await subject.perform({ links: [doing(script("read -r _ _ _ kept _ </proc/$PPID/stat; kill -9 $kept"))] }, first);
    expect((await subject.perform({ lock: lock("bert") }, await another())).status).toBe("done");
  });

  test("the lock of a dead run holds while something of it works on the host, and no longer", async () => {
    const first = await another();
    const dead = lock("anna");
    await subject.perform({ lock: dead }, first);
    const held = await subject.perform({ lock: lock("bert") }, await another());
    expect(holder(held)).toMatchObject({ run: dead.run, runner: "here.1.2" });
    const working = subject.perform({ links: [doing(script("sleep 4"))] }, first);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await subject.perform({ lock: lock("bert", { over: dead.run }) }, await another())).status).toBe("refused");
    await working;
    expect((await subject.perform({ lock: lock("bert", { over: "f00d" }) }, await another())).status).toBe("refused");
    expect((await subject.perform({ lock: lock("bert", { over: dead.run }) }, await another())).status).toBe("done");
  });

  test("who only looks is told, and neither waits nor takes", async () => {
    const [first, second] = [await another(), await another()];
    expect(await subject.perform({ lock: lock("carl", { take: false }) }, second)).not.toHaveProperty("lockedBy");
    await subject.perform({ lock: lock("anna") }, first);
    const seen = await subject.perform({ lock: lock("carl", { take: false }) }, await another());
    expect(seen).toMatchObject({ status: "done", lockedBy: { owner: "anna" } });
  });

  test("a run may come by several ways at once to the same host", async () => {
    const targets = await Promise.all([another(), another(), another(), another()]);
    const mine = lock("anna");
    for (const end of await Promise.all(targets.map((target) => subject.perform({ lock: mine }, target)))) {
      expect(end.status).toBe("done");
      expect(end).not.toHaveProperty("unlocked");
    }
    expect((await subject.perform({ lock: lock("bert") }, await another())).status).toBe("refused");
  });

  test("of several runs at once one gets the host", async () => {
    const targets = await Promise.all([another(), another(), another(), another()]);
    const ends = await Promise.all(targets.map((target, i) => subject.perform({ lock: lock(`run${i}`) }, target)));
    expect(ends.filter((e) => e.status === "done")).toHaveLength(1);
  });

  test("an owner's name is one harmless word", async () => {
    const first = await another();
    await subject.perform({ lock: lock("o'anna $(false):b c\n") }, first);
    expect(holder(await subject.perform({ lock: lock("bert") }, await another())).owner).toMatch(/^o-anna-[\w.@-]+$/);
  });
}

function holder(done: Performed): LockHolder {
  if (done.status !== "refused" || !done.lockedBy) throw new Error(`not locked: ${JSON.stringify(done)}`);
  return done.lockedBy;
}
