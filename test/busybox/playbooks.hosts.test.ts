import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBusyboxHost } from "../hosts/busybox.ts";
import type { TestHost } from "../hosts/host.ts";
import { currentRun } from "../hosts/run.ts";
import { Rempart, type Told } from "../roles/rempart.ts";
import { expectTruth } from "../roles/truth.ts";

const page = "a page\n";
let host: TestHost;
let site: Server;
beforeAll(async () => {
  host = await startBusyboxHost({ name: "router" });
  site = createServer((request, answer) =>
    answer.writeHead(request.url === "/page" ? 200 : 404).end(request.url === "/page" ? page : "no"),
  );
  await new Promise<void>((listening) => site.listen(0, "0.0.0.0", listening));
});
afterAll(async () => {
  site?.close();
  await host?.stop();
});

describe("a router", () => {
  let router: Rempart;
  let check: Told;
  beforeAll(() => {
    const large = join(currentRun().folder, "large");
    writeFileSync(large, Buffer.alloc(700_000, Buffer.from([0, 255, 10, 13, 39, 92])));
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG5OBLSpNZWjWoJ+Ws2u3ZvBmqz0W9H5jLP80GT0iOhn second";
    router = new Rempart("test/busybox/router.yml", [host], { large, key });
  });

  test("is checked without a change", async () => {
    const before = await host.out("find /etc /tmp -type f | sort | xargs sha256sum");
    check = await router.run("--check", "--diff");
    expect(check.trouble).toBe("");
    expect(check.exitCode).toBe(0);
    expect(await host.out("find /etc /tmp -type f | sort | xargs sha256sum")).toBe(before);
  });

  test("comes to the declared state as the check said, and a second run changes nothing in few round trips", async () => {
    const first = await router.run();
    expectTruth("router.yml on BusyBox", check, first);
    expect(first.changes.length).toBeGreaterThan(15);
    expect(first.recap().roundTrips).toBeLessThanOrEqual(14);
    expect(await host.out("cat /etc/app/greeting")).toBe(
      `This is router with openwrt 24.10.\nAda says it's "$HOME"\nBo\`b says it's "$HOME"`,
    );
    expect(await host.out("cat /etc/app/fed /etc/app/told; ls -l /etc/app/text | cut -c1-10")).toBe("fed é\ntold\n-rw-r-----");

    const second = await router.run();
    expect(second.trouble).toBe("");
    expect(second.changes).toEqual([]);
    expect(second.recap().roundTrips).toBeLessThanOrEqual(4);
    expect(await host.out("find / -xdev -name '*rempart*' ! -path '/etc/modprobe.d/*'")).toBe("");
  });

  test("is told apart again when something was broken by hand", async () => {
    await host.out("chmod 666 /etc/app/text; echo 'a = 2' > /etc/app/lines");
    const told = await router.run();
    expect(told.trouble).toBe("");
    expect(told.changes).toEqual([" : A text", " : A line in a new file", " : A block"]);
  });
});

test.each([[[]], [["--check"]]])("what a router cannot do fails with what is missing %s", async (words) => {
  const told = await new Rempart("test/busybox/foreign.yml", [host]).run(...words);
  const messages = Object.fromEntries(told.tasks.map((t) => [t.task, `${t.status}: ${t.message} ${t.stderr ?? ""}`]));
  expect(messages).toEqual({
    apt: expect.stringMatching(/^failed: .*not on this host: no (apt|dpkg)/),
    deb822_repository: expect.stringMatching(/^failed: .*on this host/),
    systemd: expect.stringMatching(/^failed: .*no systemd on this host/),
    daemon_reload: expect.stringMatching(/^failed: .*no systemd on this host/),
    ufw: expect.stringMatching(/^failed: .*not installed on this host/),
    docker_network: expect.stringMatching(/^failed: .*not installed on this host/),
    docker_compose: expect.stringMatching(/^failed: .*not installed on this host/),
    group: expect.stringMatching(/^failed: groupadd .*is not on this host/),
    user: expect.stringMatching(/^failed: useradd .*is not on this host/),
    kernel_module: expect.stringMatching(/^failed: modprobe .*is not on this host/),
    uri: expect.stringMatching(/^failed: .*on this host/),
    get_url: expect.stringMatching(/^failed: .*(curl|wget)/),
    wait_for: expect.stringMatching(/^failed: .*on this host/),
  });
});

test("a wget is enough to ask for pages and to fetch files", async () => {
  await host.out("ln -s /usr/lib/test-host/busybox /bin/wget; mkdir -p /tmp/web");
  const gateway = await host.out("ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'");
  const variables = {
    site: `http://${gateway}:${(site.address() as AddressInfo).port}`,
    sha256: createHash("sha256").update(page).digest("hex"),
  };
  const web = new Rempart("test/busybox/web.yml", [host], variables);
  const first = await web.run();
  expect(first.tasks.map((t) => [t.task, t.status, t.ignored])).toEqual([
    ["A page", "ok", undefined],
    ["It is the right one", "ok", undefined],
    ["A file with its checksum", "changed", undefined],
    ["A page that is not there", "failed", "ignore_errors"],
  ]);
  expect(first.tasks.at(-1)?.message).toContain("404");
  expect(await host.out("cat /tmp/web/page; ls -l /tmp/web | cut -c1-10 | tail -1")).toBe("a page\n-rw-------");
  expect((await web.run()).changes).toEqual([]);
});
