import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dockerRepository } from "../hosts/docker-repository.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { standIn } from "../hosts/stand-in.ts";
import { brokenControls } from "./docker-controls.ts";
import { devicesByName } from "./docker-devices.ts";
import type { EngineUnderTest } from "./docker-engine.ts";
import { upgradesAndGoes } from "./docker-life.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

describe.each(["trixie", "bookworm"] as const)("docker on %s", (release) => {
  /** On Debian 12 as well with REMPART_TEST_SLOW. */
  const whole = release === "trixie" || process.env.REMPART_TEST_SLOW !== undefined;
  let host: TestHost;
  let neighbour: TestHost;
  let rempart: Rempart;
  let check: Told;
  /** What of the benchmark the careless container does not hold. */
  let waived: Readonly<Record<string, string>>;
  beforeAll(async () => {
    host = await startHost({ release, name: "proliant" });
    neighbour = await startHost({ release, name: "neighbour" });
    const repository = release === "bookworm" ? await dockerRepository(host) : undefined;
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      docker: repository ? { repository: { uri: repository.uri, suite: "/", key: repository.key } } : {},
      standin: { enabled: true, archive: standIn.archive },
      hardening: { docker_host: true },
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } },
    });
  });
  afterAll(async () => {
    await host.stop();
    await neighbour.stop();
  });

  const part = ["--tags", "docker,standin"];
  /** A container of its own in the applications' network, published everywhere as a careless person would. */
  // It ends when the machine goes down: as first process of its namespace it would not hear the signal otherwise.
  const program = ["sh", "-c", "trap 'exit 0' TERM; /bin/busybox httpd -f -p 8096 -h /www & wait"];
  const careless = [
    "docker",
    "run",
    "-d",
    "--name",
    "careless",
    "--network",
    "media-server",
    "-p",
    "0.0.0.0:9999:8096",
    standIn.image,
    ...program,
  ];
  const engine: EngineUnderTest = {
    release,
    part,
    host: () => host,
    rempart: () => rempart,
    watched: () => rempart.with({ docker: { waived } }),
  };
  const toNeighbour = (from = "careless") => host.exec(`docker exec ${from} nc -w 3 ${neighbour.address} 22 < /dev/null`);

  test("a check of the bare host passes and changes nothing", async () => {
    const before = await fingerprint(host);
    check = await rempart.run(...part, "--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(await fingerprint(host)).toBe(before);
  });

  test("the first run does what the check said and converges, the second changes nothing and costs a handful of round trips", async () => {
    const first = await rempart.run(...part);
    expectTruth(`docker on ${release}`, check, first);
    const second = await rempart.run(...part);
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
    expect(second.recap().roundTrips).toBeLessThanOrEqual(4);
  });

  test("the engine runs with its settings, and listens on no TCP port", async () => {
    expect(await host.out("docker info --format '{{.LiveRestoreEnabled}} {{.LoggingDriver}}'")).toBe("true json-file");
    expect(
      await host.out(
        "docker network inspect media-server --format '{{(index .IPAM.Config 0).Subnet}} {{index .Options \"com.docker.network.bridge.name\"}}'",
      ),
    ).toBe("172.20.0.0/16 media-br0");
    expect(await host.out("ss -Hltn '( sport = :2375 or sport = :2376 )'")).toBe("");
  });

  test("the stand-in answers on the loopback and nowhere else, without rights to write", async () => {
    await expect.poll(() => host.out("docker inspect standin --format '{{.State.Health.Status}}'"), { timeout: 40_000 }).toBe("healthy");
    expect(
      await host.out("bash -c 'exec 3<>/dev/tcp/127.0.0.1/8096; printf \"GET /health HTTP/1.0\\r\\n\\r\\n\" >&3; tail -n 1 <&3'"),
    ).toBe("Healthy");
    expect(await opens(host.address, 8096)).toBe(false);
    expect((await host.exec("docker exec standin sh -c 'echo > /www/index.html'")).exitCode).not.toBe(0);
    expect(
      await host.out(
        "docker inspect standin --format '{{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.RestartPolicy.Name}}'",
      ),
    ).toBe("[ALL] true unless-stopped");
  });

  test("a carelessly published port is shut from outside, also for who routes straight into the network", async () => {
    await host.out(careless);
    expect(await host.out("docker exec careless cat /proc/1/status")).toMatch(/^NoNewPrivs:\s1$/m);
    const inner = await host.out("docker inspect careless --format '{{(index .NetworkSettings.Networks \"media-server\").IPAddress}}'");
    expect(await opens(host.address, 9999)).toBe(false);
    await neighbour.out(`ip route add 172.20.0.0/16 via ${host.address}`);
    expect((await neighbour.exec(["timeout", "3", "bash", "-c", `: < /dev/tcp/${inner}/8096`])).exitCode).not.toBe(0);
    expect((await neighbour.exec(["timeout", "3", "bash", "-c", `: < /dev/tcp/${host.address}/9999`])).exitCode).not.toBe(0);
  });

  test("a container does not reach the LAN, while the host itself does", async () => {
    expect((await toNeighbour()).stdout).not.toContain("SSH-2.0");
    expect((await host.exec(["timeout", "3", "bash", "-c", `head -c 7 < /dev/tcp/${neighbour.address}/22`])).stdout).toBe("SSH-2.0");
  });

  test("the rules stand after the engine was restarted, and after a reboot", async () => {
    await host.out("systemctl restart docker");
    expect(await host.out("systemctl show docker -p ExecStartPre -p NeedDaemonReload")).toMatch(
      /rempart-docker-user apply[\s\S]*NeedDaemonReload=no/,
    );
    expect((await host.exec("/usr/local/sbin/rempart-docker-user check")).exitCode).toBe(0);
    await host.out("docker update --restart always careless");
    await host.reboot();
    await expect
      .poll(() => host.exec("/usr/local/sbin/rempart-docker-user check").then((done) => done.exitCode), { timeout: 60_000 })
      .toBe(0);
    await expect.poll(() => host.out("docker inspect careless --format '{{.State.Running}}'"), { timeout: 30_000 }).toBe("true");
    expect(await opens(host.address, 9999)).toBe(false);
    expect((await toNeighbour()).stdout).not.toContain("SSH-2.0");
  });

  test("a rule put before ours opens the LAN, a check names exactly that, a run shuts it again", async () => {
    await host.out("iptables -I DOCKER-USER 1 -j RETURN");
    expect((await toNeighbour()).stdout).toContain("SSH-2.0");
    const check = await rempart.run(...part, "--check");
    expect(check.changes).toEqual(["docker : Put the rules for containers back"]);
    const repair = await rempart.run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(check.changes);
    expect((await toNeighbour()).stdout).not.toContain("SSH-2.0");
  });

  test("what is allowed passes: a client to a port, a container to a place in the LAN", async () => {
    const controller = host.address.replace(/\d+$/, "1");
    const open = rempart.with({
      docker: {
        published_access: [{ from: controller, port: 9999, reason: "the test asks" }],
        lan_access: [{ to: neighbour.address, port: 22, reason: "the test asks" }],
      },
    });
    const done = await open.run(...part);
    expect(done.exitCode, done.trouble).toBe(0);
    expect(await opens(host.address, 9999)).toBe(true);
    expect((await neighbour.exec(["timeout", "3", "bash", "-c", `: < /dev/tcp/${host.address}/9999`])).exitCode).not.toBe(0);
    expect((await toNeighbour()).stdout).toContain("SSH-2.0");
    expect((await open.run(...part)).changes).toEqual([]);
    const shut = await rempart.run(...part);
    expect(shut.exitCode, shut.trouble).toBe(0);
    expect(await opens(host.address, 9999)).toBe(false);
  });

  test("the engine and the stand-in hold the CIS benchmark; a careless container is named number by number, and may be waived", async () => {
    const bench = ["--tags", "cis"];
    const named = await rempart.run(...bench);
    expect(named.trouble).toContain("5.4 careless keeps capabilities: drop ALL");
    for (const wrong of ["5.11 careless has no memory limit", "5.13 careless may write to its root", "5.14 careless publishes port 9999"])
      expect(named.trouble).toContain(wrong);
    expect(named.trouble).not.toContain(" standin ");
    waived = Object.fromEntries(
      [...named.trouble.matchAll(/(\d+\.\d+) careless/g)].map(([, id]) => [`${id} careless`, "the test's own container"]),
    );
    const calm = await rempart.with({ docker: { waived } }).run(...bench);
    expect(calm.exitCode, calm.trouble).toBe(0);
    expect(calm.changes).toEqual([]);
  });

  if (whole) brokenControls(engine);

  test("settings changed by hand are named by a check and put back by a run, which restarts the engine", async () => {
    await host.out(`sed -i 's/"icc": false/"icc": true/' /etc/docker/daemon.json`);
    const check = await rempart.run(...part, "--check");
    expect(check.changes).toEqual(["docker : Set the engine up", "docker : Restart the engine"]);
    const repair = await rempart.run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(check.changes);
    expect(await host.out("docker inspect careless --format '{{.State.Running}}'")).toBe("true");
    expect((await rempart.run(...part)).changes).toEqual([]);
  });

  if (release === "trixie") devicesByName(engine);
  if (whole) upgradesAndGoes(engine);
});

/** Whether a TCP connection from this machine opens within three seconds. */
function opens(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3000, () => end(false));
    socket.on("connect", () => end(true)).on("error", () => end(false));
  });
}
