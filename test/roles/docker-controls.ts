import { expect, test } from "vitest";
import { standIn } from "../hosts/stand-in.ts";
import { type EngineUnderTest, restart } from "./docker-engine.ts";
import type { Told } from "./rempart.ts";

/** Each control of the engine is broken once, each of a container is missing once. */
export function brokenControls(given: EngineUnderTest): void {
  const { part, host, rempart } = given;

  test("each control that is broken is named by its number, alone, and a run repairs it", async () => {
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
        "gpasswd -a deploy docker",
      ],
    ];
    for (const [id, task, way, back] of breaks) {
      await host().out(way);
      const told = await given.watched().run("--tags", "cis");
      expect(numbers(told), told.trouble).toEqual([id]);
      expect(told.tasks.filter((t) => t.status === "failed").map((t) => t.task)).toEqual([task]);
      await host().out(back);
    }
    const repair = await rempart().run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual([
      "docker : Let nobody else use the engine",
      "docker : Set the engine up",
      "docker : Restart the engine",
    ]);
    expect((await given.watched().run("--tags", "cis")).exitCode).toBe(0);
  });

  test("each right of a container that it should not have is named by its number, with the container", async () => {
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
      await host().out([
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
    const told = await given.watched().run("--tags", "cis");
    await host().out("docker ps -q --filter name=held- | xargs docker rm -f");
    expect(numbers(told, "held-"), told.trouble).toEqual(rights.map(([id]) => `${id} held-${id}`).toSorted());
  });
}

/** What stands open by the last words of a failed check; of what has this prefix, with the name. */
function numbers(told: Told, prefix?: string): string[] {
  const [, lines = ""] = /waived is none of: (.*?) - mend it/.exec(told.trouble) ?? [];
  const all = lines.split("; ").map((line) => line.split(" ").slice(0, 2));
  const named =
    prefix === undefined ? all.map(([id = ""]) => id) : all.filter(([, name]) => name?.startsWith(prefix)).map((l) => l.join(" "));
  return [...new Set(named)].toSorted();
}
