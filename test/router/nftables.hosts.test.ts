import { startHost, type TestHost } from "../hosts/host.ts";
import { describeRouter, type RouterUnderTest } from "./conformance.ts";
import { cutAt, fromOutside, lab, layLan, layWan } from "./lab.ts";

let host: TestHost;

/** `tcp PORT ADDRESS:PORT COMMENT` of every rule that forwards, as nft prints it. */
async function truth(): Promise<readonly string[]> {
  const rules = await host.out("nft list ruleset");
  return (
    [...rules.matchAll(/(tcp|udp) dport (\S+) .*dnat (?:ip )?to (\S+)(?: comment "(.*)")?$/gm)]
      // Docker's name server for the container itself.
      .filter(([, , , to]) => !to?.startsWith("127."))
      .map(([, protocol, port, to, comment]) => `${protocol} ${port} ${to} ${comment}`)
      .sort()
  );
}

async function start(): Promise<RouterUnderTest> {
  host = await startHost({ release: "trixie", name: "router" });
  await host.out("DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends nftables");
  await layWan(host);
  await layLan(host);
  await host.out(`mkdir -p /etc/dnsmasq.d && echo dhcp-hostsdir=/etc/rempart-router.hosts > /etc/dnsmasq.d/rempart.conf`);
  return {
    place: { driver: "nftables", wan: lab.wan.interface },
    variables: host.variables(),
    become: true,
    target: { to: lab.lan.machine, wrong: "192.168.77.66" },
    ports: { one: 20443, two: 20444, foreign: 21000 },
    truth,
    // Handles are counted up with every write; the file has its time.
    writes: () => host.out("nft -a list ruleset | sha256sum; stat -c %y /etc/rempart-router.nft 2>/dev/null; true"),
    async foreign(label, port, to) {
      await host.out(`nft -f - <<'NFT'
table ip old {
  chain pre {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "wan0" tcp dport ${port} counter dnat to ${to}:${port} comment "${label}"
  }
}
NFT`);
    },
    cut: (write, when) => cutAt(host, "nft", "'-f /etc/rempart-router.nft'", write, when),
    cutsAt: [1],
    arrives: (port) => fromOutside(host, port),
    reservation: {
      mac: "02:00:00:00:00:0a",
      ip: lab.lan.machine,
      otherIp: "192.168.77.11",
      async all() {
        const files = await host.out("cat /etc/rempart-router.hosts/* 2>/dev/null; true");
        return files.split("\n").flatMap((line) => (line === "" ? [] : [line.split(",").slice(0, 2).join(" ")]));
      },
    },
    pinhole: {
      to: lab.lan.machine6,
      async all() {
        const rules = await host.out("nft list table inet rempart_router");
        return [...rules.matchAll(/ip6 daddr (\S+) (tcp|udp) dport (\S+) accept comment "(.*)"$/gm)].map(
          ([, to, protocol, port, comment]) => `${protocol} ${port} ${to} ${comment}`,
        );
      },
    },
    line: {
      ipv4: lab.wan.address,
      ipv4_kind: "public",
      ports: "1-65535",
      ipv6_prefix: "2001:db8:77::/64",
      ipv6_firewall: "on",
      upnp: "off",
    },
    stop: () => host.stop(),
  };
}

describeRouter("a Linux router with nftables", start);
