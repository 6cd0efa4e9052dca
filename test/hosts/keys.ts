import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { ensurePackage } from "./engine.ts";
import { withLock } from "./lock.ts";
import { currentRun } from "./run.ts";

/** An SSH key for the run's hosts: private file and public line. */
export async function runKey(): Promise<{ file: string; publicLine: string }> {
  const run = currentRun();
  const file = join(run.folder, "id_ed25519");
  await ensurePackage("ssh-keygen", "openssh-client");
  await withLock(`key-${run.id}`, 30, async () => {
    if (!existsSync(`${file}.pub`)) await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${""} -C rempart-test -f ${file}`;
  });
  return { file, publicLine: readFileSync(`${file}.pub`, "utf8").trim() };
}
