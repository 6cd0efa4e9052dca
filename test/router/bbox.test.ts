import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeRouter, type RouterUnderTest, runOn } from "./conformance.ts";
import { emulated } from "./emulated.ts";
import { BboxEmulator } from "./emulator/bbox.ts";

function bbox(box: BboxEmulator, password = box.password): RouterUnderTest {
  const list = (path: string) => box.lists[path] ?? [];
  return emulated("bbox", box.server, {
    variables: { api_password: password },
    truth: async () =>
      list("nat/rules")
        .map((r) => `${r.protocol} ${r.external_port} ${r.ipaddress}:${r.internal_port} ${r.description}`)
        .sort(),
    foreign: async (description, port, ipaddress) =>
      box.add("nat/rules", {
        enable: "1",
        description,
        protocol: "tcp",
        ipaddress,
        external_port: String(port),
        internal_port: String(port),
        ipremote: "",
      }),
    async narrow(first, last) {
      box.ports = first < 1 ? "" : `${first}:${last}`;
    },
    reservation: {
      mac: "02:00:00:00:00:0a",
      ip: "192.168.1.10",
      otherIp: "192.168.1.11",
      all: async () => list("dhcp/clients").map((c) => `${c.macaddress} ${c.ipaddress}`),
    },
    line: {
      ipv4: "100.70.1.2",
      ipv4_kind: "shared",
      ports: "1-65535",
      ipv6_prefix: "2001:db8:b::/60",
      ipv6_firewall: "unknown",
      upnp: "off",
      firmware: "23.7.10",
    },
  });
}

describeRouter("Bbox, emulated", async () => bbox(await new BboxEmulator().start()));

let box: BboxEmulator;
beforeAll(async () => {
  box = await new BboxEmulator().start();
});
afterAll(() => box.server.stop());
beforeEach(() => {
  box.wrong = 0;
  box.server.requests.length = 0;
});

const open = { router_forward: { name: "https", wan_port: 443, to: "192.168.1.10", static: true } };

test("a wrong password is tried once", async () => {
  expect((await runOn(bbox(box, "wrong"), [open])).trouble).toContain("the password is wrong (api_password)");
  expect(box.server.requests).toEqual(["PUT /api/v1/login"]);
});

test("a box that has shut its door is left alone", async () => {
  box.wrong = 3;
  expect((await runOn(bbox(box), [open])).trouble).toContain("every further try makes it longer");
  expect(box.server.requests).toEqual(["PUT /api/v1/login"]);
});

test("a session that ended in between is opened anew, once, and the write is done once", async () => {
  box.endSessionAt("POST nat/rules");
  expect((await runOn(bbox(box), [open])).statuses).toEqual(["changed"]);
  expect(box.server.requests.filter((r) => r.endsWith("/login"))).toHaveLength(2);
  expect(box.lists["nat/rules"]).toHaveLength(1);
  expect((await runOn(bbox(box), [{ router_forward: { forwards: [] } }])).statuses).toEqual(["changed"]);
});

test("the other family of Bbox is told by name, and nothing is tried", async () => {
  box.otherFamily = true;
  expect((await runOn(bbox(box), [open])).trouble).toContain("this Bbox is of another family");
  expect(box.lists["nat/rules"]).toEqual([]);
  box.otherFamily = false;
});
