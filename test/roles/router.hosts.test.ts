import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { fromOutside, lab, layLan, layWan } from "../router/lab.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

describe("a Linux router between a LAN and a provider's network", () => {
  let host: TestHost;
  let rempart: Rempart;
  let check: Told;
  beforeAll(async () => {
    host = await startHost({ release: "trixie", name: "router" });
    // Loading the system's own rules anew also takes away how a container resolves names.
    const install = "DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends";
    await host.out(`${install} udhcpc && ${install} --download-only dnsmasq`);
    await layWan(host);
    await layLan(host);
    rempart = new Rempart("playbooks/router.yml", [host], {
      router: {
        driver: "nftables",
        wan: lab.wan.interface,
        lan: lab.lan.interface,
        forwards: [{ name: "https", wan_port: "443", to: lab.lan.machine, static: true }],
        ipv6: { enabled: true, to: lab.lan.machine6 },
        readback: { host: "router" },
      },
    });
  });
  afterAll(() => host?.stop());

  const kept = "router : The backup finds what is set up";
  const changed = ["router : Open what is declared, and nothing else of ours"];

  test("a check of the bare host passes and changes nothing", async () => {
    const before = await fingerprint(host);
    check = await rempart.run("--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(await fingerprint(host)).toBe(before);
  });

  test("the first run does what the check said, the second changes nothing", async () => {
    const first = await rempart.run();
    expectTruth("router on trixie", check, first);
    const second = await rempart.run();
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
  });

  test("port 443 reaches the machine by both protocols, other ports do not", async () => {
    expect(await fromOutside(host, 443)).toBe(`${lab.lan.machine}:443`);
    expect(await fromOutside(host, 20443)).toBe("");
    expect(await fromOutside(host, 443, lab.lan.machine6)).toBe(`${lab.lan.machine6}:443`);
    expect(await fromOutside(host, 20443, lab.lan.machine6)).toBe("");
  });

  test("the rules are there again after the system's own rules were loaded anew", async () => {
    await host.out("systemctl restart nftables");
    await expect.poll(() => fromOutside(host, 443), { timeout: 30_000 }).toBe(`${lab.lan.machine}:443`);
    expect((await rempart.run("--check")).changes).toEqual([]);
  });

  test("what is set up lies there for the backup, without what the line gives", async () => {
    const saved = JSON.parse(await host.out("cat /var/lib/rempart/router.json"));
    expect(saved).toMatchObject({ driver: "nftables", ipv6_firewall: true, reservations: null });
    expect(saved.forwards).toEqual([
      { enabled: true, label: "rempart: https", port: 443, protocol: "tcp", source: null, to: lab.lan.machine, wan: [443, 443] },
    ]);
    expect(JSON.stringify(saved)).not.toContain(lab.wan.address);
    expect(await host.out("stat -c %a /var/lib/rempart/router.json")).toBe("600");
  });

  test("rules changed by hand are named by a check and put back by a run", async () => {
    await host.out(
      "nft delete rule inet rempart_router forward handle $(nft -a list chain inet rempart_router forward | awk '/ drop #/ { print $NF }')",
    );
    expect(await fromOutside(host, 20443, lab.lan.machine6)).not.toBe("");
    const told = await rempart.run("--check");
    expect(told.changes).toEqual(changed);
    const repair = await rempart.run();
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(changed);
    expect(await fromOutside(host, 20443, lab.lan.machine6)).toBe("");
  });

  test("an application that somebody else opened is a failure that names it, until it is asked to go", async () => {
    await host.out(`nft -f - <<'NFT'
table ip old { chain pre { type nat hook prerouting priority -110; policy accept; iifname "wan0" tcp dport 8096 dnat to ${lab.lan.machine}:20443 comment "media direct"; }; }
NFT`);
    const found = await rempart.run();
    expect(found.exitCode).toBe(1);
    expect(found.trouble).toContain("open to everybody: media direct: tcp 8096");
    // It is kept for the backup although the run fails.
    expect(found.changes).toEqual([kept]);
    const away = await rempart.with({ router: { foreign_absent: ["media direct"] } }).run();
    expect(away.exitCode, away.trouble).toBe(0);
    expect(away.changes).toEqual(["router : Take away what somebody else opened", kept]);
  });

  test("dnsmasq gives a machine its reserved address, and another one when that is changed", async () => {
    const reserved = (ip: string) =>
      rempart.with({
        router: {
          dhcp: { enabled: true, range: "192.168.77.100,192.168.77.200,1h" },
          reservations: [{ name: "server", mac: lab.lan.mac, ip }],
        },
      });
    const lease = async (): Promise<string> => {
      const said = await host.exec("ip netns exec lan timeout 20 udhcpc -i l0 -n -q -t 5 -T 2 -s /bin/true 2>&1");
      return /lease of (\S+) obtained/.exec(said.stdout)?.[1] ?? said.stdout;
    };
    const first = await reserved("192.168.77.50").run();
    expect(first.exitCode, first.trouble).toBe(0);
    expect(await lease()).toBe("192.168.77.50");
    const moved = await reserved("192.168.77.51").run();
    expect(moved.changes, moved.trouble).toEqual(["router : Reserve addresses", kept]);
    expect(await lease()).toBe("192.168.77.51");
    expect((await reserved("192.168.77.51").run()).changes).toEqual([]);
  });

  test("without our forwards nothing reaches the machine", async () => {
    const gone = await rempart.with({ router: { state: "absent" } }).run();
    expect(gone.exitCode, gone.trouble).toBe(0);
    expect(await fromOutside(host, 443)).toBe("");
    expect(await fromOutside(host, 443, lab.lan.machine6)).toBe("");
    expect((await rempart.with({ router: { state: "absent" } }).run()).changes).toEqual([]);
  });
});
