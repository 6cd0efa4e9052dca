import { busyboxImage } from "./busybox.ts";
import { ensureEngine } from "./engine.ts";
import { hostImage } from "./image.ts";
import { currentRun, endRun, endRunOnSignal, sweep } from "./run.ts";
import { ensureStandIn } from "./stand-in.ts";

/** vitest: before the first suite with hosts; what it returns runs after the last one, whatever happened. */
export default async function setup(): Promise<() => Promise<void>> {
  const say = (line: string) => process.stderr.write(`test hosts: ${line}\n`);
  await ensureEngine(say);
  await sweep();
  currentRun();
  endRunOnSignal();
  await Promise.all([hostImage("trixie", say), hostImage("bookworm", say)]);
  await Promise.all([busyboxImage(say), ensureStandIn(say)]);
  return () => endRun();
}
