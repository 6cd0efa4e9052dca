import { $ } from "zx";
import type { Executed, HostRecord } from "./attached.ts";

/** Runs a line on a host over OpenSSH, as its own user: what a person would see, independent of our transports. */
export async function login(host: HostRecord, line: string, input = ""): Promise<Executed> {
  const options = ["BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", `UserKnownHostsFile=${host.knownHosts}`];
  const words = ["-F", "none", "-i", host.keyFile, "-p", String(host.port), ...options.flatMap((one) => ["-o", one])];
  const done = await $({ quiet: true, nothrow: true, input })`ssh ${words} ${host.user}@${host.address} ${line}`;
  return { exitCode: done.exitCode ?? 255, stdout: done.stdout, stderr: done.stderr };
}
