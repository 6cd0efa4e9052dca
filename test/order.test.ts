import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TestSpecification, Vitest } from "vitest/node";
import { Order } from "./order.ts";

const root = join(import.meta.dirname, "..");
const recorded = Object.keys(JSON.parse(readFileSync(join(import.meta.dirname, "durations.json"), "utf8")) as object);

const file = (name: string): TestSpecification =>
  ({ moduleId: join(root, name), project: { name: name.includes(".hosts.") ? "hosts" : "unit" } }) as TestSpecification;

describe("the order of the test files", () => {
  it("begins with long ones that wait, then has those without hosts, and no long one at the end", async () => {
    const names = [
      "test/a.test.ts",
      "test/whole/lock.hosts.test.ts",
      "test/transport/ssh.test.ts",
      "test/whole/guard.hosts.test.ts",
      "test/whole/new.hosts.test.ts",
      "test/whole/guard-cut.hosts.test.ts",
    ];
    const order = new Order({ config: { maxWorkers: 3 } } as Vitest);
    const sorted = await order.sort(names.map(file));
    expect(sorted.map((f) => f.moduleId.slice(root.length + 1))).toEqual([
      "test/whole/guard.hosts.test.ts",
      "test/whole/guard-cut.hosts.test.ts",
      "test/transport/ssh.test.ts",
      "test/a.test.ts",
      "test/whole/new.hosts.test.ts",
      "test/whole/lock.hosts.test.ts",
    ]);
  });

  it("goes by durations of files that are there", () => {
    expect(recorded.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    expect(recorded.length).toBeGreaterThan(10);
  });
});
