import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { LockRequest } from "../kernel/target.ts";
import { runnerOf } from "./runner.ts";

/** What this run says of itself on the hosts that it works on. */
export function lockRequest(take: boolean): LockRequest {
  return {
    run: randomBytes(8).toString("hex"),
    owner: `${userName()}@${hostname()}`,
    runner: runnerOf(process.pid),
    started: Date.now(),
    take,
  };
}

/** A user of a container need not have a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
