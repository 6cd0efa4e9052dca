import { $ } from "zx";
import type { TestHost } from "./attached.ts";
import type { Bridge } from "./network.ts";

/** Another interface of a host. */
export interface Leg {
  readonly network: Bridge;
  /** Last number of its address there. */
  readonly at: number;
  /** Name of the interface. The engine's own names differ from boot to boot. */
  readonly as: string;
  /** Where the host's default route leads, when it is this way out. */
  readonly via?: string;
}

/** Puts a running host into one more network, now and after each boot; its address there. */
export async function addLeg(host: TestHost, { network, at, as, via }: Leg): Promise<string> {
  const address = `${network.prefix}.${at}`;
  await $({ quiet: true, timeout: "1m" })`docker network connect --ip ${address} ${network.name} ${host.container}`;
  const route = via === undefined ? "" : `ip route replace default via ${via} dev ${as}`;
  await host.out(`cat > /usr/lib/test-host/leg-${as} <<'LEG'
#!/bin/sh
set -e
now=$(ip -o -4 addr show | awk -v a=${address}/ 'index($4, a) == 1 { print $2 }')
if [ "$now" != ${as} ]; then ip link set "$now" down; ip link set "$now" name ${as}; ip link set ${as} up; fi
${route}
LEG
chmod 755 /usr/lib/test-host/leg-${as}
printf '[Unit]\\nDefaultDependencies=no\\nBefore=systemd-sysctl.service docker.service nftables.service\\n[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/usr/lib/test-host/leg-${as}\\n[Install]\\nWantedBy=sysinit.target\\n' > /etc/systemd/system/test-host-leg-${as}.service
systemctl enable -q --now test-host-leg-${as}`);
  return address;
}
