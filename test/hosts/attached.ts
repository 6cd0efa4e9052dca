import { readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { getContainerRuntimeClient } from "testcontainers";
import { $ } from "zx";

/** What a test host is, as data: enough to reach it from another process of the run. */
export interface HostRecord {
  readonly name: string;
  readonly system: "trixie" | "bookworm" | "busybox";
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Of `user`, for SSH logins and, where `sudo` is "password", for sudo. */
  readonly password: string;
  readonly sudo: "nopasswd" | "password" | "none";
  readonly keyFile: string;
  readonly knownHosts: string;
  /** Name of the container. */
  readonly container: string;
}

export interface Executed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running test host. Its methods go past SSH, by the engine, as root: for looking and breaking, not for testing transports. */
export interface TestHost extends HostRecord {
  /** Runs a command, or a line by sh. */
  exec(command: string | readonly string[], options?: { user?: string }): Promise<Executed>;
  /** The standard output of a command that must succeed, without the last newline. */
  out(command: string | readonly string[]): Promise<string>;
  /** Loads images, as `docker save` wrote them, into the host's own engine. */
  loadImage(tar: string): Promise<void>;
  /** A real reboot; comes back when one can log in again. */
  reboot(): Promise<void>;
  /** Host variables for an inventory, by Ansible's names. */
  variables(): Record<string, string | number | readonly string[]>;
  /** Removes the host and its volumes. */
  stop(): Promise<void>;
}

/** The host of a record, whoever started it. */
export function attach(record: HostRecord): TestHost {
  const exec: TestHost["exec"] = async (command, options = {}) => {
    const client = await getContainerRuntimeClient();
    const words = typeof command === "string" ? ["sh", "-c", command] : [...command];
    return client.container.exec(client.container.getById(record.container), words, options);
  };
  const out: TestHost["out"] = async (command) => {
    const done = await exec(command);
    if (done.exitCode !== 0)
      throw new Error(`${record.name}: ${[command].flat().join(" ")} ended with ${done.exitCode}: ${done.stderr || done.stdout}`);
    return done.stdout.replace(/\n$/, "");
  };
  return {
    ...record,
    exec,
    out,
    async loadImage(tar) {
      await $({ quiet: true, input: await readFile(tar) })`docker exec -i ${record.container} docker load`;
    },
    async reboot() {
      const id = () =>
        exec(["cat", "/proc/sys/kernel/random/boot_id"]).then(
          (done) => done.stdout,
          () => "",
        );
      const before = await id();
      await exec("systemctl reboot || reboot").catch(() => undefined);
      await until(60, `${record.name} did not reboot`, async () => ![before, ""].includes(await id()));
      await waitUntilUp(record);
    },
    variables: () => ({
      ansible_host: record.address,
      ansible_port: record.port,
      ansible_user: record.user,
      ansible_ssh_private_key_file: record.keyFile,
      ansible_ssh_known_hosts: [record.knownHosts],
    }),
    async stop() {
      await $({ quiet: true, nothrow: true })`docker rm -f -v ${record.container}`;
    },
  };
}

/** Waits until the host has booted and its sshd greets. */
export async function waitUntilUp(record: HostRecord): Promise<void> {
  const host = attach(record);
  const booted = record.system === "busybox" ? "true" : "case $(systemctl is-system-running) in running|degraded) ;; *) exit 1 ;; esac";
  await until(60, `${record.name} did not boot`, async () => (await host.exec(booted)).exitCode === 0);
  await until(30, `sshd of ${record.name} does not answer at ${record.address}:${record.port}`, () => greets(record));
}

/** Writes the host's real keys, as the engine shows them, so that no connection has to trust at first sight. */
export async function writeKnownHosts(record: HostRecord): Promise<void> {
  const keys = await attach(record).out("cat /etc/ssh/ssh_host_*_key.pub /etc/dropbear/host_key.pub 2>/dev/null; true");
  const lines = keys.split("\n").map((line) => `${record.address} ${line.split(" ").slice(0, 2).join(" ")}\n`);
  await writeFile(record.knownHosts, lines.join(""));
}

function greets(record: HostRecord): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: record.address, port: record.port, timeout: 1000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("data", (data) => end(data.toString("latin1").startsWith("SSH-")));
    socket
      .on("timeout", () => end(false))
      .on("error", () => end(false))
      .on("close", () => end(false));
  });
}

async function until(seconds: number, why: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${why} within ${seconds} s`);
    await sleep(100);
  }
}
