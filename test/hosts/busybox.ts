import { attach, type HostRecord, type TestHost, waitUntilUp, writeKnownHosts } from "./attached.ts";
import { BridgeContainer, startOnBridge } from "./bridge-container.ts";
import { ensureImage, hostImage, type Say } from "./image.ts";
import { runKey } from "./keys.ts";
import { currentRun } from "./run.ts";

/**
 * Starts a router-like host: OpenWrt's default applets and dropbear, login as root, no sftp, no sudo, no systemd.
 * It shares the kernel's settings with the machine and is not allowed to write them; it cannot reboot.
 */
export async function startBusyboxHost(options: { name: string; say?: Say }): Promise<TestHost> {
  const image = await busyboxImage(options.say);
  const key = await runKey();
  const { container, address } = await startOnBridge(options.name, () =>
    new BridgeContainer(image).withCopyContentToContainer([
      { content: `${key.publicLine}\n`, target: "/root/.ssh/authorized_keys", mode: 0o600 },
    ]),
  );
  const record: HostRecord = {
    name: options.name,
    system: "busybox",
    address,
    port: 22,
    user: "root",
    password: "",
    sudo: "none",
    keyFile: key.file,
    knownHosts: `${currentRun().folder}/known_hosts_${container}`,
    container,
  };
  await waitUntilUp(record);
  await writeKnownHosts(record);
  return attach(record);
}

/** The router-like host's image, made when there is none of this recipe yet. */
export function busyboxImage(say: Say = () => {}): Promise<string> {
  return ensureImage("busybox", "rempart-busybox-host", say, async () => ({ BASE: await hostImage("trixie", say) }));
}
