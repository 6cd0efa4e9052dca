import { $ } from "zx/core";
import { quote } from "../kernel/sh.ts";
import type { Connection, Target, Unreachable } from "../kernel/target.ts";
import { ShellTarget, type TargetOptions } from "./shell-target.ts";
import { SpawnedLine } from "./spawned.ts";

/** A running container of the Docker engine that the `docker` program talks to. */
export async function connectDocker(connection: Connection, options: TargetOptions = {}): Promise<Target | Unreachable> {
  const container = connection.address;
  if (container.startsWith("-")) return { unreachable: `"${container}" is no name of a container`, help: "set ansible_docker_container" };
  const missing = await whyNotRunning(container);
  if (missing) return missing;
  const user = connection.user === undefined ? "" : `-u ${quote(connection.user)} `;
  const starts = (command: string): string => `exec docker exec -i ${user}${quote(container)} sh -c ${quote(command)}`;
  return new ShellTarget(new SpawnedLine(starts, async () => (await whyNotRunning(container))?.unreachable), options);
}

async function whyNotRunning(container: string): Promise<Unreachable | undefined> {
  const format = "{{.State.Running}}";
  const done = await $({
    shell: "/bin/sh",
    prefix: "",
    postfix: "",
    quote,
    quiet: true,
    nothrow: true,
    timeout: "20s",
    stdio: ["ignore", "pipe", "pipe"],
  })`docker inspect --type container --format ${format} ${container}`;
  const said = done.stderr.trim().split("\n").at(-1) ?? "";
  if (done.exitCode === 0 && done.stdout.trim() === "true") return undefined;
  if (done.exitCode === 0) return { unreachable: `the container ${container} is not running`, help: `docker start ${container}` };
  if (/no such/i.test(said))
    return {
      unreachable: `there is no container ${container}`,
      help: "docker ps -a shows those that exist; its name goes into ansible_docker_container",
    };
  if (done.exitCode === 127) return { unreachable: "the program docker is not there", help: "install the Docker client on this machine" };
  return {
    unreachable: `the Docker engine does not answer: ${said || `exit code ${done.exitCode}`}`,
    help: "is it running, and may you use it? docker info says more",
  };
}
