import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRouter, type RouterUnderTest, runOn } from "./conformance.ts";
import { emulated } from "./emulated.ts";
import { LiveboxEmulator, type Rule } from "./emulator/livebox.ts";

const settled = (r: Rule): string => String(r.description).replace(" (pending)", "");
const lines = (rules: Readonly<Record<string, Rule>>): string[] =>
  Object.values(rules)
    .filter((r) => r.enable)
    .map((r) => `${r.protocol === "6" ? "tcp" : "udp"} ${r.externalPort} ${r.destinationIPAddress}:${r.internalPort} ${settled(r)}`)
    .sort();

function livebox(box: LiveboxEmulator): RouterUnderTest {
  return emulated("livebox", box.server, {
    variables: { api_password: box.password },
    async truth() {
      expect(lines(box.rules), "what is set is in force").toEqual(lines(box.inForce.rules));
      return lines(box.inForce.rules);
    },
    async foreign(description, port, destinationIPAddress) {
      const rule = { id: "x", description, enable: true, protocol: "6", sourceInterface: "data", sourcePrefix: "" };
      box.rules.webui_hand = { ...rule, externalPort: String(port), internalPort: String(port), destinationIPAddress };
      box.inForce = structuredClone({ rules: box.rules, holes: box.holes });
    },
    cutsAt: [1, 2, 3, 4, 5, 6, 7, 8],
    pinhole: {
      to: "2001:db8:a:1::10",
      all: async () =>
        Object.values(box.inForce.holes)
          .filter((r) => r.enable)
          .map((r) => `tcp ${r.destinationPort} ${r.destinationIPAddress} ${settled(r)}`),
      async firewall(on) {
        box.level = on ? "Medium" : "Low";
      },
    },
    line: {
      ipv4: "203.0.113.10",
      ipv4_kind: "public",
      ipv6_prefix: "2001:db8:a::/56",
      ipv6_firewall: "on",
      upnp: "on",
      firmware: "SG40_sip-fr-5.30.2",
    },
  });
}

describeRouter("Livebox, emulated", async () => livebox(await new LiveboxEmulator().start()));

let box: LiveboxEmulator;
beforeAll(async () => {
  box = await new LiveboxEmulator().start();
});
afterAll(() => box.server.stop());

test("leases have no description: one is made, counts as a reservation, and is never changed as ours", async () => {
  const router = livebox(box);
  const reserve = (ip: string) => ({ router_reservation: { name: "server", mac: "02:00:00:00:00:0a", ip } });
  expect(
    (await runOn(router, [reserve("192.168.1.10"), { router_forward: { name: "https", wan_port: 443, to: "192.168.1.10" } }])).statuses,
  ).toEqual(["changed", "changed"]);
  expect(box.leases).toEqual([{ MACAddress: "02:00:00:00:00:0A", IPAddress: "192.168.1.10" }]);
  expect((await runOn(router, [reserve("192.168.1.10")])).statuses).toEqual(["ok"]);
  expect((await runOn(router, [reserve("192.168.1.11")])).trouble).toContain("reserves 192.168.1.10 for 02:00:00:00:00:0a");
});

test("a session that ended in between is opened anew, and the write is done once", async () => {
  box.endSessionAt("Firewall setPortForwarding");
  const open = { router_forward: { name: "second", wan_port: 444, to: "192.168.1.10" } };
  const done = await runOn(livebox(box), [open]);
  expect(done.statuses, done.trouble).toEqual(["changed"]);
  expect(lines(box.inForce.rules).filter((line) => line.includes("second"))).toHaveLength(1);
});
