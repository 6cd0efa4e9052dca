import { randomBytes, randomInt } from "node:crypto";
import { GenericContainer } from "testcontainers";
import { $ } from "zx";
import { type Bridge, runNetwork } from "./network.ts";
import { currentRun } from "./run.ts";

/** A container with a fixed address on the run's bridge, which comes back by itself when its first process ends. */
export class BridgeContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig = { ...this.hostConfig, RestartPolicy: { Name: "always" } };
    // Ryuk would end hosts with the worker that started them, and `demo --keep` wants them to stay; see run.ts.
    this.withAutoCleanup(false);
  }

  withAddress(bridge: Bridge, address: string, name: string): this {
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [bridge.name]: { IPAMConfig: { IPv4Address: address }, Aliases: [name] } },
    };
    return this.withNetworkMode(bridge.name);
  }
}

/** Starts what `make` gives at a free address of the run's bridge, under a name and with labels that carry the run. */
export async function startOnBridge(name: string, make: () => BridgeContainer): Promise<{ container: string; address: string }> {
  const run = currentRun();
  const bridge = await runNetwork();
  // Suites of one run may choose the same host name.
  const container = `rempart-${run.id}-${name}-${randomBytes(2).toString("hex")}`;
  for (let tries = 1; ; tries++) {
    const address = `${bridge.prefix}.${randomInt(10, 250)}`;
    try {
      await make().withName(container).withHostname(name).withLabels(run.labels).withAddress(bridge, address, name).start();
      return { container, address };
    } catch (error) {
      await $({ quiet: true, nothrow: true })`docker rm -f -v ${container}`;
      // Another process of the run may have taken the address first.
      if (!/address already in use/i.test(String(error)) || tries >= 20) throw error;
    }
  }
}
