import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "./host.ts";
import { login } from "./login.ts";
import { sharedHost } from "./shared.ts";
import { standIn } from "./stand-in.ts";

describe.each(["trixie", "bookworm"] as const)("a test host with %s", (release) => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startHost({ release, name: `smoke-${release}`, sudo: "password" });
  });
  afterAll(() => host.stop());

  test("is bare: no Python, no Docker, no firewall", async () => {
    expect(await host.out("ls /usr/bin/python3* /usr/bin/docker /usr/sbin/ufw 2>/dev/null; true")).toBe("");
  });

  test("lets the known key in over a checked host key, and sudo wants the password", async () => {
    expect((await login(host, "id -un")).stdout.trim()).toBe("deploy");
    expect((await login(host, "sudo -n true")).exitCode).not.toBe(0);
    expect((await login(host, "sudo -S -p '' id -un", `${host.password}\n`)).stdout.trim()).toBe("root");
  });

  test("keeps kernel settings to itself, and a long value leaves nothing behind under a short one", async () => {
    const machine = readFileSync("/proc/sys/kernel/panic", "utf8");
    await host.out("sysctl -q -w kernel.panic=77 && printf 'kernel.pid_max = 70000\\nkernel.panic = 9\\n' > /etc/sysctl.d/99-test.conf");
    await host.out("systemctl restart systemd-sysctl");
    expect(await host.out("sysctl -n kernel.panic kernel.pid_max")).toBe("9\n70000");
    expect(readFileSync("/proc/sys/kernel/panic", "utf8")).toBe(machine);
  });

  test("has its own Docker engine, firewall and stand-in image without a network, and all are there after a reboot", async () => {
    const compose = release === "trixie" ? "docker-cli docker-compose" : "";
    const installed = await host.out(`DEBIAN_FRONTEND=noninteractive apt-get install -y docker.io ${compose} ufw 2>&1`);
    expect(installed).toMatch(/Need to get 0 B/);
    if (release === "trixie") {
      const file = `services: { web: { image: "${standIn.image}", ports: ["8096:8096"], restart: always } }`;
      await host.out([
        "sh",
        "-c",
        `mkdir -p /opt/web && printf '%s\\n' '${file}' > /opt/web/compose.yml && docker compose -f /opt/web/compose.yml up -d`,
      ]);
    } else {
      await host.out(`docker run -d --restart always -p 8096:8096 ${standIn.image}`);
    }
    await host.out("ufw allow 22/tcp && ufw --force enable");
    const asked = () => fetch(`http://${host.address}:8096/health`).then((answer) => answer.text());
    await expect.poll(asked, { timeout: 20_000 }).toBe("Healthy");
    const before = await host.out("cat /proc/sys/kernel/random/boot_id");
    await host.reboot();
    expect(await host.out("cat /proc/sys/kernel/random/boot_id")).not.toBe(before);
    expect(await host.out("ufw status | head -1")).toBe("Status: active");
    await expect.poll(() => asked().catch(String), { timeout: 30_000 }).toBe("Healthy");
  });
});

test("the router-like host has OpenWrt's applets, and none that OpenWrt leaves out", async () => {
  const host = await sharedHost("busybox");
  const missing = "for c in stat timeout setsid base64 od su realpath install python3 sudo; do command -v $c; done; true";
  expect((await login(host, missing)).stdout).toBe("");
  expect((await login(host, "echo a | sha256sum | cut -c1-8; ls -ldn / | awk '{print $3}'")).stdout).toBe("87428fc5\n0\n");
});

test("a shared host is started once, whoever asks", async () => {
  const [one, two] = await Promise.all([sharedHost("busybox"), sharedHost("busybox")]);
  expect(two.container).toBe(one.container);
});
