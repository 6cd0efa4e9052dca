import { describeRouter } from "./conformance.ts";
import { emulated } from "./emulated.ts";
import { FreeboxEmulator } from "./emulator/freebox.ts";

describeRouter("Freebox OS, emulated", async () => {
  const box = await new FreeboxEmulator().start();
  return emulated("freebox", box.server, {
    variables: { api_token: box.appToken },
    truth: async () => box.redirections.map((r) => `${r.ip_proto} ${r.wan_port_start} ${r.lan_ip}:${r.lan_port} ${r.comment}`).sort(),
    foreign: async (comment, port, lan_ip) =>
      box.add({
        enabled: true,
        ip_proto: "tcp",
        wan_port_start: port,
        wan_port_end: port,
        lan_ip,
        lan_port: port,
        src_ip: "0.0.0.0",
        comment,
      }),
    narrow: async (first, last) => {
      box.ports = [first, last];
    },
    reservation: {
      mac: "02:00:00:00:00:0a",
      ip: "192.168.1.10",
      otherIp: "192.168.1.11",
      all: async () => box.leases.map((l) => `${l.mac.toLowerCase()} ${l.ip}`),
    },
    line: {
      ipv4: "203.0.113.7",
      ipv4_kind: "public",
      ports: "1-65535",
      ipv6_prefix: "2001:db8:7::/64",
      ipv6_firewall: "on",
      upnp: "off",
      firmware: "4.8.14",
    },
  });
});
