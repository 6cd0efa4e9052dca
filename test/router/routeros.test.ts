import { describeRouter } from "./conformance.ts";
import { emulated } from "./emulated.ts";
import { RouterosEmulator } from "./emulator/routeros.ts";

describeRouter("RouterOS, emulated", async () => {
  const router = await new RouterosEmulator().start();
  const nat = router.list("ip/firewall/nat");
  const leases = router.list("ip/dhcp-server/lease");
  const filter = router.list("ipv6/firewall/filter");
  return emulated("routeros", router.server, {
    variables: { api_user: router.user, api_password: router.password },
    truth: async () =>
      nat
        .filter((r) => r.chain === "dstnat")
        .map((r) => `${r.protocol} ${r["dst-port"]} ${r["to-addresses"]}:${r["to-ports"]} ${r.comment}`)
        .sort(),
    foreign: async (comment, port, to) =>
      router.add("ip/firewall/nat", {
        chain: "dstnat",
        action: "dst-nat",
        protocol: "tcp",
        "dst-port": String(port),
        "to-addresses": to,
        "to-ports": String(port),
        comment,
      }),
    reservation: {
      mac: "02:00:00:00:00:0a",
      ip: "192.168.1.10",
      otherIp: "192.168.1.11",
      all: async () => leases.map((l) => `${l["mac-address"]?.toLowerCase()} ${l.address}`),
    },
    pinhole: {
      to: "2001:db8:8:1::10",
      all: async () =>
        filter
          .filter((r) => r["dst-port"] !== undefined)
          .map((r) => `${r.protocol} ${r["dst-port"]} ${r["dst-address"]?.replace("/128", "")} ${r.comment}`),
      async firewall(on) {
        const drop = filter.find((r) => r.action === "drop");
        if (drop) drop.disabled = String(!on);
      },
    },
    line: {
      ipv4: "203.0.113.8",
      ipv4_kind: "public",
      ipv6_prefix: "2001:db8:8::/56",
      ipv6_firewall: "on",
      upnp: "off",
      firmware: "7.16.2 (stable)",
    },
  });
});
