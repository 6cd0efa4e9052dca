import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { Order } from "./test/order.ts";

export default defineConfig({
  test: {
    reporters: ["default", "json"],
    outputFile: { json: ".cache/test-results.json" },
    // Journals of runs that end early have no place in the state folder of whoever runs the tests.
    env: { XDG_STATE_HOME: join(import.meta.dirname, ".cache/state") },
    coverage: { include: ["src/**/*.ts"] },
    // More than there are cores, as suites with hosts mostly wait: for packages, timers, a lost network. One number for both projects:
    // vitest runs projects of different ones one behind the other.
    maxWorkers: 4,
    sequence: { sequencer: Order },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.hosts.test.ts"],
          globalSetup: ["test/programs.ts"],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "hosts",
          include: ["test/**/*.hosts.test.ts"],
          globalSetup: ["test/hosts/setup.ts"],
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
