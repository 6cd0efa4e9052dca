import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** One word for a process of this machine: where it runs, its number, and when it was started (in the kernel's ticks; 0 where that is not told). */
export function runnerOf(pid: number): string {
  return `${machine()}.${pid}.${born(pid) ?? 0}`;
}

/** True when the word names a process of this machine that has ended. Of other machines nothing is known. */
export function hasEnded(runner: string): boolean {
  const [where, pid, since] = runner.split(".");
  if (where !== machine() || !pid) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return since !== "0" && born(Number(pid)) !== since;
}

/** This boot of this machine, and the numbering of processes in which we stand: a container has its own. */
function machine(): string {
  const parts = [hostname(), ...["/etc/machine-id", "/proc/sys/kernel/random/boot_id"].map(content), namespace()];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
}

function born(pid: number): string | undefined {
  return content(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ")[19];
}

function content(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
