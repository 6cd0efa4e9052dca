import { randomBytes } from "node:crypto";
import { $ } from "zx";
import { attach, type HostRecord, type TestHost, waitUntilUp, writeKnownHosts } from "./attached.ts";
import { startOnBridge } from "./bridge-container.ts";
import { hostImage, type Release, type Say } from "./image.ts";
import { runKey } from "./keys.ts";
import { MachineContainer } from "./machine-container.ts";
import { currentRun } from "./run.ts";
import { ensureStandIn } from "./stand-in.ts";

export type { TestHost } from "./attached.ts";

export interface HostOptions {
  readonly release: Release;
  /** Hostname, and what other hosts of the run find it by. */
  readonly name: string;
  /** How `deploy` becomes root; without a password when not said otherwise. */
  readonly sudo?: HostRecord["sudo"];
  /** Another image that is made from the one of the release. */
  readonly image?: string;
  readonly say?: Say;
}

/** Starts a bare Debian machine and waits until one can log in; under 3 s when the image is there. */
export async function startHost(options: HostOptions): Promise<TestHost> {
  const image = options.image ?? (await hostImage(options.release, options.say));
  const archive = await ensureStandIn(options.say);
  const key = await runKey();
  const cgroup = await cgroupVersion();
  const sudo = options.sudo ?? "nopasswd";
  const password = randomBytes(9).toString("base64url");
  const login = loginScript(key.publicLine, sudo, password);
  const { container, address } = await startOnBridge(options.name, () =>
    new MachineContainer(image, cgroup)
      .withCopyContentToContainer([{ content: login, target: "/etc/test-host/login.sh", mode: 0o600 }])
      .withCopyFilesToContainer([{ source: archive, target: "/usr/lib/test-host/images/stand-in-web.tar" }]),
  );
  const record: HostRecord = {
    name: options.name,
    system: options.release,
    address,
    port: 22,
    user: "deploy",
    password,
    sudo,
    keyFile: key.file,
    knownHosts: `${currentRun().folder}/known_hosts_${container}`,
    container,
  };
  await waitUntilUp(record);
  await writeKnownHosts(record);
  return attach(record);
}

async function cgroupVersion(): Promise<1 | 2> {
  const version = await $({ quiet: true })`docker info --format ${"{{.CgroupVersion}}"}`;
  return version.stdout.trim() === "2" ? 2 : 1;
}

/** Run by init at the first start. Nothing in it needs quoting: a key line and a base64url word. */
function loginScript(publicLine: string, sudo: HostRecord["sudo"], password: string): string {
  const rule = { nopasswd: "deploy ALL=(ALL:ALL) NOPASSWD: ALL", password: "deploy ALL=(ALL:ALL) ALL", none: "" }[sudo];
  return [
    "install -d -m 700 -o deploy -g deploy /home/deploy/.ssh",
    `echo '${publicLine}' > /home/deploy/.ssh/authorized_keys`,
    "chown deploy:deploy /home/deploy/.ssh/authorized_keys",
    "chmod 600 /home/deploy/.ssh/authorized_keys",
    `echo 'deploy:${password}' | chpasswd`,
    rule === "" ? "" : `echo '${rule}' > /etc/sudoers.d/deploy && chmod 440 /etc/sudoers.d/deploy`,
    "",
  ].join("\n");
}
