import { expect, test } from "vitest";
import type { HostRecap } from "../../src/kernel/event.ts";
import { paint } from "../../src/views/paint.ts";
import { recapLines } from "../../src/views/recap.ts";
import { readRecap } from "./recap-table.ts";

const zero = { ok: 0, changed: 0, maybe: 0, skipped: 0, failed: 0, unreachable: 0, ignored: 0, rescued: 0 };
const counts = { roundTrips: 4, processes: 120, bytesSent: 1, bytesReceived: 1 };
const hosts: Record<string, HostRecap> = {
  nas: { ...zero, ...counts, ok: 12, changed: 3 },
  proliant: { ...zero, ...counts, ok: 30 },
};

test("the table that a run prints can be read back", () => {
  const printed = recapLines(hosts, 12.5, false, paint(false)).join("\n");
  const rows = readRecap(`play everything\nchanged  nas  x\n\n${printed}\n`);
  expect([...rows.keys()]).toEqual(["nas", "proliant"]);
  expect(rows.get("nas")).toMatchObject({ ok: 12, changed: 3, "round trips": 4 });
});

test("check mode's table says what would change, and a run without a table has no rows", () => {
  expect(readRecap(recapLines(hosts, 1, true, paint(false)).join("\n")).get("nas")?.["would change"]).toBe(3);
  expect(readRecap("play everything\n").size).toBe(0);
});
