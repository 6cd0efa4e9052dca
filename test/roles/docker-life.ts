import { describe, expect, test } from "vitest";
import { offerEngine } from "../hosts/docker-repository.ts";
import { standIn } from "../hosts/stand-in.ts";
import type { EngineUnderTest } from "./docker-engine.ts";

/** The engine is upgraded, put back, taken away and brought again. */
export function upgradesAndGoes({ release, part, host, rempart }: EngineUnderTest): void {
  describe("upgraded", () => {
    const upgrade = ["--tags", "upgrade", "--skip-tags", "nginx"];
    const engine = release === "bookworm" ? "docker-ce" : "docker.io";
    const version = () => host().out(`dpkg -s ${engine} | sed -n 's/^Version: //p'`);
    const since = () => host().out("docker inspect standin careless --format '{{.State.StartedAt}} {{.State.Pid}}'");
    let before: string;

    test("a run without the tag never upgrades; with it the containers run on meanwhile, what is on hold stays so, and a rerun changes nothing", async () => {
      before = await since();
      await offerEngine(host(), "5:98");
      await host().out(`apt-mark hold ${engine}`);
      expect((await rempart().run(...part)).changes).toEqual([]);
      const check = await rempart().run(...upgrade, "--check");
      expect(check.exitCode, check.trouble).toBe(0);
      expect(check.changes).toContain("docker : Take the newer packages");
      const done = await rempart().run(...upgrade);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(await version()).toBe("5:98");
      expect(await since()).toBe(before);
      expect(await host().out("apt-mark showhold")).toBe(engine);
      expect(await host().out("cat /var/backups/rempart-docker-*/containers")).toMatch(/ healthy \/standin stand-in-web:1 sha256:/);
      expect((await rempart().run(...upgrade)).changes).toEqual([]);
    });

    test("an engine that does not start is taken back, the containers still run, and the run fails and says so", async () => {
      await offerEngine(host(), "5:99", true);
      const done = await rempart().run(...upgrade);
      expect(done.exitCode).toBe(1);
      expect(done.trouble).toContain("the packages and settings of before are back, and what ran then runs");
      expect(await version()).toBe("5:98");
      expect(await since()).toBe(before);
      expect(await host().out("apt-mark showhold")).toBe(engine);
      expect((await rempart().run(...part)).changes).toEqual([]);
      // For who installs it next.
      await offerEngine(host(), "5:100");
    });
  });

  describe("taken away", () => {
    const only = ["--tags", "docker"];
    const absent = () => rempart().with({ docker: { state: "absent" } });

    test("it is refused while a container runs", async () => {
      const refused = await absent().run(...only);
      expect(refused.exitCode).toBe(1);
      expect(refused.trouble).toContain("runs careless, runs standin");
      expect(refused.changes).toEqual([]);
    });

    test("what the role made is gone, what the engine stores stays, and a second run changes nothing", async () => {
      await host().out(`docker rm -f careless standin && docker volume create kept && docker create --name kept ${standIn.image}`);
      const check = await absent().run(...only, "--check");
      const done = await absent().run(...only);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(done.changes).toEqual(check.changes);
      expect(
        await host().out(
          "ls /etc/docker/daemon.json /usr/local/sbin/rempart-docker-user 2>/dev/null; find /etc/systemd/system -name '*docker*' ! -type d; true",
        ),
      ).toBe("");
      expect(await host().out("{ iptables -S; ip6tables -S; } | grep REMPART; true")).toBe("");
      expect((await host().exec("command -v dockerd")).exitCode).not.toBe(0);
      expect((await absent().run(...only)).changes).toEqual([]);
    });

    test("a run for it to be there converges again, with the images, volumes and containers of before", async () => {
      const done = await rempart().run(...only);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(
        await host().out(
          `docker image inspect ${standIn.image} --format ok && docker volume inspect kept --format ok && docker inspect kept --format ok`,
        ),
      ).toBe("ok\nok\nok");
      expect((await host().exec("/usr/local/sbin/rempart-docker-user check")).exitCode).toBe(0);
      expect((await rempart().run(...only)).changes).toEqual([]);
    });
  });
}
