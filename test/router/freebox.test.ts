import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeRouter, type RouterUnderTest, runOn } from "./conformance.ts";
import { emulated } from "./emulated.ts";
import { FreeboxEmulator } from "./emulator/freebox.ts";

function freebox(box: FreeboxEmulator): RouterUnderTest {
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
}

describeRouter("Freebox OS, emulated", async () => freebox(await new FreeboxEmulator().start()));

describe("a Freebox", () => {
  let box: FreeboxEmulator;
  beforeAll(async () => {
    box = await new FreeboxEmulator().start();
  });
  afterAll(() => box.server.stop());

  const open = { router_forward: { name: "https", wan_port: 443, to: "192.168.1.10", static: true } };
  const on = (variables: Readonly<Record<string, unknown>> = {}) => {
    const router = freebox(box);
    return runOn({ ...router, variables: { ...router.variables, ...variables } }, [open]);
  };

  test("whose certificate nobody trusted has signed is not talked to, and no secret is told", async () => {
    box.server.requests.length = 0;
    const done = await on({ api_ca: undefined });
    expect(done.trouble).toContain("its certificate is signed by nobody that is trusted: give the file of its root in api_ca");
    expect(done.trouble).not.toContain(box.appToken);
    expect(box.server.requests).toEqual([]);
  });

  test("is not talked to without encryption", async () => {
    expect((await on({ api_url: box.server.url.replace("https", "http") })).trouble).toContain("is not encrypted");
  });

  test("with a wrong token is tried once", async () => {
    box.server.requests.length = 0;
    expect((await on({ api_token: "wrong" })).trouble).toContain("register it anew");
    expect(box.server.requests.filter((r) => r.endsWith("login/session/"))).toHaveLength(1);
  });

  test("that lacks a right says which", async () => {
    box.rights = false;
    const done = await on();
    expect(done.statuses).toEqual(["failed"]);
    expect(JSON.stringify(done.tasks)).toContain("grant it the right to change the settings");
    expect(box.redirections).toEqual([]);
    box.rights = true;
  });

  test("whose session ended in between is entered anew, and the write is done once", async () => {
    box.endSessionAt("POST /api/v8/fw/redir/");
    const done = await on();
    expect(done.statuses, done.trouble).toEqual(["changed"]);
    expect(box.redirections).toHaveLength(1);
  });
});
