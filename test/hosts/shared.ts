import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attach, type HostRecord, type TestHost } from "./attached.ts";
import { startBusyboxHost } from "./busybox.ts";
import { startHost } from "./host.ts";
import { withLock } from "./lock.ts";
import { currentRun } from "./run.ts";

/**
 * One host per kind for the whole run, started when the first suite asks.
 * It is for suites that only look, or that work below a folder of their own; nothing is ever reset on it.
 * A suite that changes the system starts its own host: that takes a second or two.
 */
export async function sharedHost(system: HostRecord["system"]): Promise<TestHost> {
  const run = currentRun();
  const file = join(run.folder, `shared-${system}.json`);
  return withLock(`shared-${run.id}-${system}`, 900, async () => {
    if (existsSync(file)) return attach(JSON.parse(readFileSync(file, "utf8")) as HostRecord);
    const name = `shared-${system}`;
    const host = system === "busybox" ? await startBusyboxHost({ name }) : await startHost({ release: system, name });
    writeFileSync(file, JSON.stringify(host));
    return host;
  });
}
