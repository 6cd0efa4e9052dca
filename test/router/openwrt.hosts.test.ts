import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { startBusyboxHost } from "../hosts/busybox.ts";
import { describeRouter, type RouterUnderTest } from "./conformance.ts";

const uci = readFileSync(join(import.meta.dirname, "emulator/uci.sh"), "utf8");
const zones = `lan=zone\nlan.name='lan'\nlan.forward='ACCEPT'\nwan=zone\nwan.name='wan'\nwan.forward='REJECT'\n`;

/** OpenWrt's applets are real, its uci, ubus and services are stand-ins: a reload puts what was committed in force. */
async function start(): Promise<RouterUnderTest> {
  const host = await startBusyboxHost({ name: "openwrt" });
  const put = (path: string, text: string, mode = "644"): Promise<string> =>
    host.out(`mkdir -p ${path.replace(/\/[^/]*$/, "")}; cat > ${path} <<'PUT'\n${text}\nPUT\nchmod ${mode} ${path}`);
  await put("/sbin/uci", uci, "755");
  await put(
    "/bin/ubus",
    `#!/bin/sh\ncase "$*" in 'call network.interface.wan status') echo wan ;; 'call network.interface.lan status') echo lan ;; *) exit 4 ;; esac`,
    "755",
  );
  await put(
    "/usr/bin/jsonfilter",
    `#!/bin/sh\nread -r of\ncase $of in wan) echo 203.0.113.11 ;; lan) printf '2001:db8:c:1::1\\n64\\n' ;; esac`,
    "755",
  );
  for (const [service, config] of [
    ["firewall", "firewall"],
    ["dnsmasq", "dhcp"],
  ])
    await put(
      `/etc/init.d/${service}`,
      `#!/bin/sh\n[ "$1" = reload ] && mkdir -p /run/in-force && cp /etc/config/${config} /run/in-force/${config}`,
      "755",
    );
  await put("/etc/config/firewall", zones.trimEnd());
  await host.out(": > /etc/config/dhcp; for s in firewall dnsmasq; do /etc/init.d/$s reload; done");
  const inForce = async (config: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> => {
    const text = await host.out(`cat /run/in-force/${config}`);
    expect(await host.out(`cat /etc/config/${config}`), "what was committed is in force").toBe(text);
    const sections: Record<string, Record<string, string>> = {};
    for (const [, name = "", option, value = ""] of text.matchAll(/^([^.=\n]+)(?:\.(\w+))?='?(.*?)'?$/gm)) {
      sections[name] ??= {};
      Object.assign(sections[name], { [option ?? "kind"]: value });
    }
    return sections;
  };
  const of = async (config: string, kind: string) => Object.values(await inForce(config)).filter((s) => s.kind === kind);
  return {
    place: { driver: "openwrt" },
    variables: host.variables(),
    target: { to: "192.168.1.10", wrong: "192.168.1.66" },
    ports: { one: 20443, two: 20444, foreign: 21000 },
    truth: async () =>
      (await of("firewall", "redirect")).map((r) => `${r.proto} ${r.src_dport} ${r.dest_ip}:${r.dest_port} ${r.name}`).sort(),
    writes: () =>
      host.out(
        'stat=$(ls -l --full-time /etc/config /run/in-force 2>/dev/null || ls -le /etc/config /run/in-force); echo "$stat"; cat /etc/config/*',
      ),
    async foreign(name, port, to) {
      const lines = [
        `set firewall.byhand=redirect`,
        ...Object.entries({ name, src: "wan", proto: "tcp", src_dport: port, dest_ip: to, dest_port: port }).map(
          ([k, v]) => `set firewall.byhand.${k}='${v}'`,
        ),
      ];
      await host.out(`printf '%s\\n' ${lines.map((l) => `"${l}"`).join(" ")} 'commit firewall' | uci batch && /etc/init.d/firewall reload`);
    },
    cut: async (write, when) => void (await host.out(`echo '${write} ${when}' > /run/cut`)),
    reservation: {
      mac: "02:00:00:00:00:0a",
      ip: "192.168.1.10",
      otherIp: "192.168.1.11",
      all: async () => (await of("dhcp", "host")).map((h) => `${h.mac} ${h.ip}`),
    },
    pinhole: {
      to: "2001:db8:c:1::10",
      all: async () => (await of("firewall", "rule")).map((r) => `${r.proto} ${r.dest_port} ${r.dest_ip} ${r.name}`),
      firewall: async (on) =>
        void (await host.out(
          `echo "set firewall.wan.forward='${on ? "REJECT" : "ACCEPT"}'\ncommit firewall" | uci batch; /etc/init.d/firewall reload`,
        )),
    },
    line: { ipv4: "203.0.113.11", ipv4_kind: "public", ipv6_prefix: "2001:db8:c:1::/64", ipv6_firewall: "on", upnp: "off" },
    stop: () => host.stop(),
  };
}

describeRouter("OpenWrt's applets with an emulated uci", start);
