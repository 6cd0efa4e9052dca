import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dockerRepository, offerEngine } from "../hosts/docker-repository.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { standIn } from "../hosts/stand-in.ts";
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
  const calmly = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "the test's own container"]));
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
    waived = calmly([...new Set([...named.trouble.matchAll(/(\d+\.\d+) careless/g)].map(([, id]) => `${id} careless`))]);
    const calm = await rempart.with({ docker: { waived } }).run(...bench);
    expect(calm.exitCode, calm.trouble).toBe(0);
    expect(calm.changes).toEqual([]);
  });

  test.runIf(whole)("each control that is broken is named by its number, alone, and a run repairs it", async () => {
    const settings = "/etc/docker/daemon.json";
    const set = (key: string, value: boolean): string => `sed -i 's/"${key}": ${!value}/"${key}": ${value}/' ${settings} && ${restart}`;
    const breaks: readonly [string, string, string, string][] = [
      ["1.1.2", "Nobody is root by the group docker", "gpasswd -a deploy docker", "gpasswd -d deploy docker"],
      ["3.17", "The settings are root's", `chmod 666 ${settings}`, `chmod 644 ${settings}`],
      ["2.2", "The default bridge keeps containers apart", set("icc", true), set("icc", false)],
      ["2.14", "The engine lets no container gain privileges", set("no-new-privileges", false), set("no-new-privileges", true)],
      ["2.16", "No process stands behind a published port", set("userland-proxy", true), set("userland-proxy", false)],
      [
        "2.15",
        "Containers go on while the engine restarts",
        `sed -i 's/"live-restore": true/"live-restore": false/' ${settings} && systemctl reload docker`,
        "true",
      ],
    ];
    for (const [id, task, way, back] of breaks) {
      await host.out(way);
      const told = await rempart.with({ docker: { waived } }).run("--tags", "cis");
      expect(numbers(told), told.trouble).toEqual([id]);
      expect(told.tasks.filter((t) => t.status === "failed").map((t) => t.task)).toEqual([task]);
      await host.out(back);
    }
    const repair = await rempart.run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(["docker : Set the engine up", "docker : Restart the engine"]);
    expect((await rempart.with({ docker: { waived } }).run("--tags", "cis")).exitCode).toBe(0);
  });

  test.runIf(whole)("each right of a container that it should not have is named by its number, with the container", async () => {
    const well = "--user 1000 --cap-drop ALL --read-only --memory 32m --cpus 0.1 --pids-limit 20 --restart on-failure:5 --health-cmd true";
    const rights: readonly [string, string][] = [
      ["5.5", "--privileged"],
      ["5.4", "--cap-add NET_ADMIN"],
      ["5.10", "--network host"],
      ["5.11", "--memory 0"],
      ["5.14", "-p 0.0.0.0:9998:8096"],
      ["5.16", "--pid host"],
      ["5.26", "--security-opt no-new-privileges=false"],
      ["5.32", "-v /run/docker.sock:/run/docker.sock"],
    ];
    for (const [id, right] of rights) {
      await host.out([
        "docker",
        "run",
        "-d",
        "--name",
        `held-${id}`,
        ...well.split(" "),
        ...right.split(" "),
        standIn.image,
        "sleep",
        "600",
      ]);
    }
    const told = await rempart.with({ docker: { waived } }).run("--tags", "cis");
    await host.out("docker ps -q --filter name=held- | xargs docker rm -f");
    expect(numbers(told, "held-"), told.trouble).toEqual(rights.map(([id]) => `${id} held-${id}`).toSorted());
  });

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

  test.runIf(release === "trixie")(
    "a device is given to containers by its name, by docker run and by compose, once CDI is on",
    async () => {
      await host.out(uncount);
      const asked = `docker run --rm --device nvidia.com/gpu=all ${standIn.image} ls -l /dev/nvidia0`;
      await host.out(`mkdir -p /etc/cdi && cat > /etc/cdi/stand-in.json <<'E'\n${device}\nE`);
      expect((await host.exec(asked)).exitCode).not.toBe(0);
      const given = rempart.with({ docker: { gpu: "cdi" } });
      const done = await given.run(...part);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(done.changes).toEqual(["docker : Set the engine up", "docker : Restart the engine"]);
      // The device of /dev/null has the numbers 1 and 3.
      expect(await host.out(asked)).toMatch(/^c.* 1, +3 .*\/dev\/nvidia0$/);
      await host.out(`mkdir -p /srv/cdi && cat > /srv/cdi/compose.yml <<'E'\n${composed}\nE`);
      expect(await host.out("cd /srv/cdi && docker compose run --rm -T card ls -l /dev/nvidia0 2>/dev/null")).toMatch(/^c.* 1, +3 /);
      expect((await given.run(...part)).changes).toEqual([]);
      expect((await rempart.run(...part)).exitCode).toBe(0);
      await host.out(`rm -r /etc/cdi /srv/cdi && ${uncount}`);
    },
  );

  describe.runIf(whole)("upgraded", () => {
    const upgrade = ["--tags", "upgrade", "--skip-tags", "nginx"];
    const engine = release === "bookworm" ? "docker-ce" : "docker.io";
    const version = () => host.out(`dpkg -s ${engine} | sed -n 's/^Version: //p'`);
    const since = () => host.out("docker inspect standin careless --format '{{.State.StartedAt}} {{.State.Pid}}'");
    let before: string;

    test("a run without the tag never upgrades; with it the containers run on meanwhile, what is on hold stays so, and a rerun changes nothing", async () => {
      before = await since();
      await offerEngine(host, "5:98");
      await host.out(`apt-mark hold ${engine}`);
      expect((await rempart.run(...part)).changes).toEqual([]);
      const check = await rempart.run(...upgrade, "--check");
      expect(check.exitCode, check.trouble).toBe(0);
      expect(check.changes).toContain("docker : Take the newer packages");
      const done = await rempart.run(...upgrade);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(await version()).toBe("5:98");
      expect(await since()).toBe(before);
      expect(await host.out("apt-mark showhold")).toBe(engine);
      expect(await host.out("cat /var/backups/rempart-docker-*/containers")).toMatch(/ healthy \/standin stand-in-web:1 sha256:/);
      expect((await rempart.run(...upgrade)).changes).toEqual([]);
    });

    test("an engine that does not start is taken back, the containers still run, and the run fails and says so", async () => {
      await offerEngine(host, "5:99", true);
      const done = await rempart.run(...upgrade);
      expect(done.exitCode).toBe(1);
      expect(done.trouble).toContain("the packages and settings of before are back, and what ran then runs");
      expect(await version()).toBe("5:98");
      expect(await since()).toBe(before);
      expect(await host.out("apt-mark showhold")).toBe(engine);
      expect((await rempart.run(...part)).changes).toEqual([]);
      // For who installs it next.
      await offerEngine(host, "5:100");
    });
  });

  describe.runIf(whole)("taken away", () => {
    const only = ["--tags", "docker"];
    const absent = () => rempart.with({ docker: { state: "absent" } });

    test("it is refused while a container runs", async () => {
      const refused = await absent().run(...only);
      expect(refused.exitCode).toBe(1);
      expect(refused.trouble).toContain("runs careless, runs standin");
      expect(refused.changes).toEqual([]);
    });

    test("what the role made is gone, what the engine stores stays, and a second run changes nothing", async () => {
      await host.out(`docker rm -f careless standin && docker volume create kept && docker create --name kept ${standIn.image}`);
      const check = await absent().run(...only, "--check");
      const done = await absent().run(...only);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(done.changes).toEqual(check.changes);
      expect(
        await host.out(
          "ls /etc/docker/daemon.json /usr/local/sbin/rempart-docker-user 2>/dev/null; find /etc/systemd/system -name '*docker*' ! -type d; true",
        ),
      ).toBe("");
      expect(await host.out("{ iptables -S; ip6tables -S; } | grep REMPART; true")).toBe("");
      expect((await host.exec("command -v dockerd")).exitCode).not.toBe(0);
      expect((await absent().run(...only)).changes).toEqual([]);
    });

    test("a run for it to be there converges again, with the images, volumes and containers of before", async () => {
      const done = await rempart.run(...only);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(
        await host.out(
          `docker image inspect ${standIn.image} --format ok && docker volume inspect kept --format ok && docker inspect kept --format ok`,
        ),
      ).toBe("ok\nok\nok");
      expect((await host.exec("/usr/local/sbin/rempart-docker-user check")).exitCode).toBe(0);
      expect((await rempart.run(...only)).changes).toEqual([]);
    });
  });
});

/** systemd lets the engine start three times a minute unless its count is set back. */
const uncount = "systemctl reset-failed docker.service";
const restart = `${uncount} && systemctl restart docker`;

/** What stands open by the last words of a failed check; of what has this prefix, with the name. */
function numbers(told: Told, prefix?: string): string[] {
  const [, lines = ""] = /waived is none of: (.*?) - mend it/.exec(told.trouble) ?? [];
  const all = lines.split("; ").map((line) => line.split(" ").slice(0, 2));
  const named =
    prefix === undefined ? all.map(([id = ""]) => id) : all.filter(([, name]) => name?.startsWith(prefix)).map((l) => l.join(" "));
  return [...new Set(named)].toSorted();
}

/** A description of a device as NVIDIA's toolkit writes one, for /dev/null. */
const device = JSON.stringify({
  cdiVersion: "0.5.0",
  kind: "nvidia.com/gpu",
  devices: [{ name: "all", containerEdits: { deviceNodes: [{ path: "/dev/nvidia0", hostPath: "/dev/null" }] } }],
});

/** As the role jellyfin asks for the card. */
const composed = `services:
  card:
    image: ${standIn.image}
    deploy: { resources: { reservations: { devices: [{ driver: cdi, device_ids: ["nvidia.com/gpu=all"], capabilities: [gpu] }] } } }`;

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
