import { expect } from "vitest";
import { describeRouter } from "./conformance.ts";
import { emulated } from "./emulated.ts";
import { OpnsenseEmulator } from "./emulator/opnsense.ts";

/** What is switched off on its way out has no effect any more. */
const on = (list: readonly Record<string, unknown>[] = []) => list.filter((r) => r.disabled !== "1" && r.enabled !== "0");

describeRouter("OPNsense, emulated", async () => {
  const router = await new OpnsenseEmulator().start();
  const nat = (list: Record<string, Record<string, unknown>[]>) =>
    on(list["firewall/d_nat"]).map((r) => {
      const { port } = r.destination as { port: string };
      return `${r.protocol} ${port} ${r.target}:${r["local-port"]} ${r.descr}`;
    });
  return emulated("opnsense", router.server, {
    variables: { api_user: router.key, api_password: router.secret },
    async truth() {
      const truth = nat(router.inForce).map((line) => line.replace(" (pending)", ""));
      expect(nat(router.saved).sort(), "what is saved is in force").toEqual(truth.sort());
      return truth.sort();
    },
    foreign: async (descr, port, target) =>
      router.add("firewall/d_nat", {
        disabled: "0",
        interface: "wan",
        ipprotocol: "inet",
        protocol: "tcp",
        source: { network: "any", port: "", not: "0" },
        destination: { network: "wanip", port: String(port), not: "0" },
        target,
        "local-port": String(port),
        descr,
      }),
    // Each change is three writes: saved, put in force, and the mark taken away.
    cutsAt: [1, 2, 3, 4, 5, 6],
    reservation: {
      mac: "02:00:00:00:00:0a",
      ip: "192.168.1.10",
      otherIp: "192.168.1.11",
      all: async () => (router.inForce["kea/dhcpv4"] ?? []).map((l) => `${l.hw_address} ${l.ip_address}`),
    },
    pinhole: {
      to: "2001:db8:9:1::10",
      all: async () =>
        on(router.inForce["firewall/filter"]).map(
          (r) =>
            `${String(r.protocol).toLowerCase()} ${r.destination_port} ${r.destination_net} ${String(r.description).replace(" (pending)", "")}`,
        ),
      async firewall(on) {
        router.filtering = on;
      },
    },
    line: {
      ipv4: "203.0.113.9",
      ipv4_kind: "public",
      ipv6_prefix: "2001:db8:9:1::/64",
      ipv6_firewall: "on",
      upnp: "unknown",
      firmware: "26.1.2",
    },
  });
});
