import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters: ["default", "json"],
    outputFile: { json: ".cache/test-results.json" },
    // Journals of runs that end early have no place in the state folder of whoever runs the tests.
    env: { XDG_STATE_HOME: join(import.meta.dirname, ".cache/state") },
    coverage: { include: ["src/**/*.ts"] },
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
          // Suites with hosts mostly wait: for packages, timers, a lost network.
          maxWorkers: 3,
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
