import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { standIn } from "../hosts/stand-in.ts";
import { Rempart } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

describe("site.yml with the demo's inventory", () => {
  let hosts: TestHost[];
  let site: Rempart;
  beforeAll(async () => {
    hosts = [await startHost({ release: "trixie", name: "proliant" }), await startHost({ release: "bookworm", name: "nas" })];
    site = new Rempart("playbooks/site.yml", hosts, { standin: { archive: standIn.archive } }, ["inventory/demo.yml"]);
  });
  afterAll(() => Promise.all(hosts.map((h) => h.stop())));

  test("takes two bare machines to the declared state, as the check said", async () => {
    const check = await site.run("--check");
    const first = await site.run();
    expectTruth("site.yml on trixie and bookworm", check, first);
    expect(first.recap("proliant").changed).toBeGreaterThan(40);
    expect(first.recap("nas").changed).toBeGreaterThan(3);
  });

  test("changes nothing a second time, with a handful of round trips for each machine", async () => {
    const second = await site.run();
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
    for (const host of ["proliant", "nas"]) expect(second.recap(host).roundTrips).toBeLessThanOrEqual(8);
  });

  test("installs nothing on an appliance", async () => {
    const [, nas] = hosts;
    expect(await nas?.out("dpkg -l fail2ban unattended-upgrades nginx docker.io 2>/dev/null | grep -c ^ii; true")).toBe("0");
  });

  test("serves the stand-in over TLS, and is there again after a reboot", async () => {
    const [proliant] = hosts;
    const page =
      "printf 'GET /health HTTP/1.0\\r\\nHost: media.example.org\\r\\n\\r\\n' | openssl s_client -quiet -connect 127.0.0.1:443 -servername media.example.org 2>/dev/null";
    await expect.poll(() => proliant?.out(page).catch(String), { timeout: 30_000 }).toMatch(/ 200 [\s\S]*Healthy$/);
    await proliant?.reboot();
    await expect.poll(() => proliant?.out(page).catch(String), { timeout: 60_000, interval: 1000 }).toMatch(/ 200 [\s\S]*Healthy$/);
    expect((await site.run()).changes).toEqual([]);
  });
});
