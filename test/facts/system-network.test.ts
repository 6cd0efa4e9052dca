import { describe, expect, test } from "vitest";
import { addresses4, addresses6, default4, default6 } from "../../src/facts/system-network.ts";

const head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT";

describe("the default route", () => {
  test("is the one with the lowest metric, with the address inside that interface's network", () => {
    const table = [
      head,
      "wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000",
      "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000",
      "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF",
      "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF",
    ];
    expect(default4(table, ["172.17.0.1", "192.168.1.20"])).toEqual({ interface: "eth0", address: "192.168.1.20", gateway: "192.168.1.1" });
  });

  test("is nothing on a host without one", () => {
    expect(default4([head], ["10.0.0.1"])).toEqual({ interface: null, address: null, gateway: null });
  });

  test("for IPv6 passes over routes that reject", () => {
    const none = "00000000000000000000000000000000";
    const reject = `${none} 00 ${none} 00 ${none} ffffffff 00000001 00000000 00200200 lo`;
    const route = `${none} 00 ${none} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003 eth0`;
    const own = addresses6([
      "20010db8000000000000000000000010 02 40 00 80 eth0",
      "20010db80000000000000000000000ff 02 40 00 01 eth0",
      "fe800000000000000000000000000001 02 40 20 80 eth0",
    ]);
    expect(own).toEqual([{ name: "eth0", address: "2001:db8::10" }]);
    expect(default6([reject, route], own)).toEqual({ interface: "eth0", address: "2001:db8::10", gateway: "fe80::1" });
  });
});

test("local IPv4 addresses are sorted by number, each once, without loopback", () => {
  const fib = [
    "|-- 192.168.1.20",
    "/32 host LOCAL",
    "|-- 10.0.0.9",
    "/32 host LOCAL",
    "|-- 127.0.0.1",
    "/32 host LOCAL",
    "|-- 10.0.0.10",
    "/32 host LOCAL",
    "|-- 192.168.1.20",
    "/32 host LOCAL",
  ];
  expect(addresses4(fib)).toEqual(["10.0.0.9", "10.0.0.10", "192.168.1.20"]);
});
