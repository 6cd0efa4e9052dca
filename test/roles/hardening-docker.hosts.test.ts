import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { standIn } from "../hosts/stand-in.ts";
import { Rempart } from "./rempart.ts";

const part = ["--tags", "ufw,docker,nginx"];

describe.each(["trixie", "bookworm"] as const)("the firewall beside Docker on %s", (release) => {
  let host: TestHost;
  let client: TestHost;
  let rempart: Rempart;
  beforeAll(async () => {
    host = await startHost({ release, name: "proliant" });
    client = await startHost({ release, name: "client" });
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      hardening: { docker_host: true, firewall: { allow: [{ port: "443", reason: "the website" }] } },
      docker: { source: "debian", published_access: [{ from: client.address, port: 9998, reason: "the test asks" }] },
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } },
    });
  });
  afterAll(async () => {
    await host.stop();
    await client.stop();
  });

  const opens = async (port: number) =>
    (await client.exec(["timeout", "3", "bash", "-c", `: < /dev/tcp/${host.address}/${port}`])).exitCode === 0;
  const program = "trap 'exit 0' TERM; /bin/busybox httpd -f -p 8096 -h /www & wait";
  const publish = (name: string, port: number) =>
    host.out(
      `docker run -d --restart always --name ${name} --network media-server -p 0.0.0.0:${port}:8096 ${standIn.image} sh -c "${program}"`,
    );
  /** From outside: nginx of the host, a container's port that is allowed, one that is not, plain HTTP. */
  const asDeclared = async () => {
    await expect.poll(() => opens(443), { timeout: 60_000, interval: 1000 }).toBe(true);
    await expect.poll(() => opens(9998), { timeout: 60_000, interval: 1000 }).toBe(true);
    expect(await opens(9999)).toBe(false);
    expect(await opens(80)).toBe(false);
    expect((await host.exec("/usr/local/sbin/rempart-docker-user check")).exitCode).toBe(0);
  };

  test("both together converge, and the second run changes nothing", async () => {
    const first = await rempart.run(...part);
    expect(first.exitCode, first.trouble).toBe(0);
    const second = await rempart.run(...part);
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
  });

  test("what is declared is open, and what a container publishes besides is not", async () => {
    await expect.poll(() => host.exec(["docker", "image", "inspect", standIn.image]).then((d) => d.exitCode), { timeout: 60_000 }).toBe(0);
    await publish("allowed", 9998);
    await publish("careless", 9999);
    await asDeclared();
  });

  test("a container reaches neither SSH nor another port of the host, and the host is reached by SSH all the same", async () => {
    const knock = (port: number) => host.exec(`docker exec allowed nc -w 3 172.20.0.1 ${port} < /dev/null`);
    expect((await knock(22)).stdout).not.toContain("SSH-2.0");
    expect((await knock(80)).exitCode).not.toBe(0);
    expect((await rempart.run(...part, "--check")).exitCode).toBe(0);
  });

  test.each([
    ["the firewall is loaded anew", "ufw reload"],
    ["the firewall is turned off and on", "ufw disable; ufw --force enable"],
    ["the engine is restarted", "systemctl restart docker"],
  ])("it stays so when %s", async (_what, command) => {
    await host.out(command);
    await asDeclared();
  });

  test("it stays so over a reboot, and nothing is left to do then", async () => {
    await host.reboot();
    await asDeclared();
    expect((await rempart.run(...part)).changes).toEqual([]);
  });
});
