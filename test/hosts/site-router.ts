import { startHost, type TestHost } from "./host.ts";
import { addLeg } from "./leg.ts";
import type { Bridge } from "./network.ts";

/**
 * A router as one has it at home: the machines in the LAN (.1 is its own address there) reach the WAN (.20) through it, and nobody gets in.
 * Debian's mirror lies behind the run's bridge, so it translates addresses for that way out, too.
 */
export async function startSiteRouter(lan: Bridge, wan: Bridge): Promise<TestHost> {
  const box = await startHost({ release: "trixie", name: "box" });
  await addLeg(box, { network: lan, at: 1, as: "lan0" });
  await addLeg(box, { network: wan, at: 20, as: "wan0" });
  await box.out(`DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nftables > /dev/null
echo net.ipv4.ip_forward=1 > /etc/sysctl.d/60-router.conf; sysctl -q -w net.ipv4.ip_forward=1
cat > /etc/nftables.conf <<'NFT'
#!/usr/sbin/nft -f
table ip home
delete table ip home
table ip home {
  chain in { type filter hook input priority 0; policy accept; iifname "wan0" ct state new drop; }
  chain out { type nat hook postrouting priority 100; policy accept; oifname { "eth0", "wan0" } masquerade; }
}
NFT
systemctl enable -q --now nftables`);
  return box;
}
