import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exec } from "../../src/kernel/step.ts";
import { asLogin, type Link, type Target } from "../../src/kernel/target.ts";
import { usualSurroundings } from "../../src/transport/frame.ts";
import { connectLocal } from "../../src/transport/local.ts";
import { scriptOf } from "../../src/transport/script.ts";
import { conformance } from "./conformance.ts";
import { doing, linksOf, script, text } from "./subject.ts";

// A lock of its own: other suites work on this machine, too.
const own = mkdtempSync(join(tmpdir(), "rempart-local-"));
afterAll(() => rmSync(own, { recursive: true }));

conformance("local without /dev/fd", async (bounds = {}) =>
  connectLocal({ bounds, surroundings: { ...usualSurroundings, fdFolder: "/no/such", runFolder: own } }),
);

async function withTarget(use: (target: Target) => Promise<void>): Promise<void> {
  const target = connectLocal();
  await use(target);
  await target.close();
}

test("100 MB of output pass in bounded memory", () =>
  withTarget(async (target) => {
    const before = process.memoryUsage().rss;
    const done = await target.perform({ as: asLogin, lane: "work", links: [doing(script("head -c 100000000 /dev/zero"))], ask: [] });
    expect(linksOf(done)).toMatchObject([{ ran: [{ rc: 0, cut: 100_000_000 - 1024 * 1024 }] }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(120e6);
  }));

test("a rerun's exchange takes milliseconds", () =>
  withTarget(async (target) => {
    const times: number[] = [];
    for (let i = 0; i < 31; i++) {
      const started = performance.now();
      await target.perform({ as: asLogin, lane: "control", links: [], ask: [] });
      times.push(performance.now() - started);
    }
    expect(times.sort((a, b) => a - b)[15]).toBeLessThan(25);
  }));

test("a script grows with its links, and no faster", () => {
  const links = (count: number): Link[] =>
    Array.from({ length: count }, (_, i) => {
      const holds = [{ question: text(`/file${i}`), text: "-\n" }];
      return { guard: holds, steps: [exec("true")], verify: holds };
    });
  const size = (count: number): number => scriptOf({ links: links(count), ask: [] }, new Map(), false).text("m").length;
  expect(size(5000) / size(500)).toBeLessThan(11);
  const started = performance.now();
  size(5000);
  expect(performance.now() - started).toBeLessThan(3000);
});

test("shells are gone when the target is closed", async () => {
  const target = connectLocal();
  await target.perform({ as: asLogin, lane: "control", links: [], ask: [] });
  await target.close();
  const children = execFileSync("sh", ["-c", `grep -l '^PPid:.${process.pid}$' /proc/[0-9]*/status 2>/dev/null | wc -l`], {
    encoding: "utf8",
  });
  // The counting shell itself is one.
  expect(Number(children)).toBeLessThanOrEqual(1);
});
