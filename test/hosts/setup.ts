import type { TestProject } from "vitest/node";
import { busyboxImage } from "./busybox.ts";
import { ensureEngine } from "./engine.ts";
import { hostImage } from "./image.ts";
import { currentRun, endRun, endRunOnSignal, sweep } from "./run.ts";
import { ensureStandIn } from "./stand-in.ts";

const say = (line: string): unknown => process.stderr.write(`test hosts: ${line}\n`);

/** vitest: before the first suite with hosts; what it returns runs after the last one, whatever happened. */
export default async function setup({ vitest }: TestProject): Promise<() => Promise<void>> {
  currentRun();
  endRunOnSignal();
  // Not waited for: suites without hosts run meanwhile, and one with hosts waits for the lock of the image that it needs.
  const prepared = prepare().then(
    () => undefined,
    async (error: unknown) => {
      say(`cannot be made: ${error}`);
      process.exitCode = 1;
      await vitest.cancelCurrentRun("test-failure");
    },
  );
  return async () => {
    await prepared;
    await endRun();
  };
}

async function prepare(): Promise<void> {
  await ensureEngine(say);
  await sweep();
  await Promise.all([hostImage("trixie", say), hostImage("bookworm", say)]);
  await Promise.all([busyboxImage(say), ensureStandIn(say)]);
}
