import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Rempart, type Told } from "../roles/rempart.ts";

const dir = mkdtempSync(join(tmpdir(), "rempart-files-"));
let host: TestHost;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "files" });
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await host.stop();
});

/** Writes the playbook beside its files, and runs it as a person would. */
function playbook(name: string, tasks: readonly unknown[]): Rempart {
  const file = join(dir, `${name}.yml`);
  writeFileSync(file, JSON.stringify([{ hosts: "all", gather_facts: false, become: true, tasks }]));
  return new Rempart(file, [host]);
}

const named = (told: Told, status: string): string[] => told.tasks.filter((t) => t.status === status).map((t) => t.task);

async function converges(rempart: Rempart, tasks: readonly string[]): Promise<void> {
  const check = await rempart.run("--check");
  expect(check.exitCode, check.trouble).toBe(0);
  const first = await rempart.run();
  expect(first.exitCode, first.trouble).toBe(0);
  expect(named(first, "changed")).toEqual(tasks);
  // What check calls ok stays ok.
  for (const task of tasks) expect(named(check, "ok"), task).not.toContain(task);
  const second = await rempart.run();
  expect(second.exitCode, second.trouble).toBe(0);
  expect(named(second, "changed")).toEqual([]);
  const again = await rempart.run("--check");
  expect([...named(again, "changed"), ...named(again, "maybe")]).toEqual([]);
}

describe("files go to a host, are found, packed and brought back", () => {
  const large = randomBytes(5_000_000);

  test("an archive is unpacked, searched, packed again and fetched, and a rerun changes nothing", async () => {
    mkdirSync(join(dir, "files/app/bin"), { recursive: true });
    writeFileSync(join(dir, "files/app/bin/run"), "#!/bin/sh\n", { mode: 0o755 });
    writeFileSync(join(dir, "files/app/large"), large);
    writeFileSync(join(dir, "files/app/it's odd"), "odd\n");
    await $({ cwd: join(dir, "files") })`tar -czf app.tar.gz app`;
    const rempart = playbook("archives", [
      { name: "folder", file: { path: "/opt/app", state: "directory" } },
      { name: "folder for backups", file: { path: "/srv/backup", state: "directory", mode: "0700" } },
      {
        name: "unpack",
        unarchive: { src: "app.tar.gz", dest: "/opt/app", owner: "daemon", group: "daemon", extra_opts: ["--strip-components=1"] },
      },
      { name: "find", find: { paths: "/opt/app", recurse: true, size: "1m", get_checksum: true }, register: "found" },
      { name: "pack", archive: { path: "/opt/app", dest: "/srv/backup/app.tar.gz", exclusion_patterns: ["bin"] } },
      { name: "fetch", fetch: { src: "/opt/app/large", dest: "fetched" } },
      { name: "fetch the archive", fetch: { src: "/srv/backup/app.tar.gz", dest: "fetched/app.tar.gz", flat: true } },
    ]);
    const tasks = ["folder", "folder for backups", "unpack", "pack", "fetch", "fetch the archive"];
    await converges(rempart, tasks);
    expect(await host.out("stat -c '%U:%G %a' /opt/app/bin/run /opt/app/large")).toBe("daemon:daemon 755\ndaemon:daemon 644");
    const local = join(dir, "fetched", host.name, "opt/app/large");
    expect(readFileSync(local).equals(large)).toBe(true);
    expect(statSync(local).mode & 0o777).toBe(0o600);
    expect((await $`tar -tf ${join(dir, "fetched/app.tar.gz")}`).stdout.trim().split("\n")).toEqual(["app/", "app/it's odd", "app/large"]);
  });

  test("what somebody changed is seen by the check and mended", async () => {
    await host.out("rm '/opt/app/bin/run'; chmod 600 \"/opt/app/it's odd\"; echo more >>/opt/app/large");
    const rempart = new Rempart(join(dir, "archives.yml"), [host]);
    expect(named(await rempart.run("--check"), "changed")).toContain("unpack");
    const run = await rempart.run();
    expect(run.exitCode, run.trouble).toBe(0);
    expect(named(run, "changed")).toContain("unpack");
    expect(await host.out('stat -c %a "/opt/app/it\'s odd"; stat -c %s /opt/app/large')).toBe("644\n5000000");
    expect(named(await rempart.run(), "changed")).toEqual([]);
  });

  test("an archive that leads out of its folder does nothing, and the task says why", async () => {
    await $({ cwd: join(dir, "files") })`tar -cPf evil.tar --transform=s,^app/bin/run,../../evil, app/bin/run`;
    const run = await playbook("evil", [{ name: "evil", unarchive: { src: "evil.tar", dest: "/opt/app" } }]).run();
    expect(run.exitCode).toBe(1);
    expect(run.trouble).toContain("it would unpack outside of the folder");
    expect(await host.out("ls -d /evil /opt/evil 2>/dev/null | wc -l")).toBe("0");
  });
});

describe("images of the host's own engine", () => {
  const password = "correct-horse-battery";
  let digest = "";

  beforeAll(async () => {
    await host.out(
      "DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends docker.io docker-cli docker-registry apache2-utils >/tmp/apt.log 2>&1",
    );
    await host.out("systemctl is-active docker || systemctl start docker");
    // A registry of its own on loopback, that asks who is there.
    await host.out(
      `mkdir -p /srv/registry /srv/edge && htpasswd -Bbn robot ${password} >/srv/registry/users && systemctl disable --now docker-registry 2>/dev/null; true`,
    );
    const config = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: "/srv/registry/data" }, delete: { enabled: true } },
      http: { addr: "127.0.0.1:5000" },
      auth: { htpasswd: { realm: "test", path: "/srv/registry/users" } },
    };
    await host.out([
      "sh",
      "-c",
      `printf '%s' '${JSON.stringify(config)}' >/srv/registry/config.yml && systemd-run --unit test-registry docker-registry serve /srv/registry/config.yml`,
    ]);
    await host.out(
      "printf 'FROM scratch\\nARG VERSION\\nLABEL version=$VERSION\\nCOPY data /data\\n' >/srv/edge/Dockerfile; echo one >/srv/edge/data",
    );
    await host.out([
      "bash",
      "-c",
      "for i in $(seq 60); do (exec 3<>/dev/tcp/127.0.0.1/5000) 2>/dev/null && exit 0; sleep 0.5; done; exit 1",
    ]);
  });

  const build = {
    name: "build",
    docker_image: { name: "127.0.0.1:5000/edge", tag: "1", source: "build", build: { path: "/srv/edge", args: { VERSION: 1 } } },
  };

  test("an image is built once, and anew when its folder changed", async () => {
    const rempart = playbook("build", [build]);
    await converges(rempart, ["build"]);
    const before = await host.out("docker image inspect -f '{{.Id}}' 127.0.0.1:5000/edge:1");
    await host.out("echo two >/srv/edge/data");
    expect(named(await rempart.run("--check"), "changed")).toEqual(["build"]);
    const run = await rempart.run();
    expect(run.exitCode, run.trouble).toBe(0);
    expect(await host.out("docker image inspect -f '{{.Id}}' 127.0.0.1:5000/edge:1")).not.toBe(before);
    expect(named(await rempart.run(), "changed")).toEqual([]);
  });

  test("an image is pulled by its digest from a registry that asks who is there, and nothing of the password stays", async () => {
    await host.out(`echo ${password} | docker login -u robot --password-stdin 127.0.0.1:5000 && docker push -q 127.0.0.1:5000/edge:1`);
    digest = (await host.out("docker image inspect -f '{{index .RepoDigests 0}}' 127.0.0.1:5000/edge:1")).split("@")[1] ?? "";
    await host.out(
      "docker logout 127.0.0.1:5000; docker save -o /srv/edge.tar 127.0.0.1:5000/edge:1; docker image rm 127.0.0.1:5000/edge:1; rm -rf /root/.docker",
    );
    const pull = {
      name: "pull",
      docker_image: { name: "127.0.0.1:5000/edge", tag: "1", digest, source: "pull", login: { username: "robot", password } },
    };
    await converges(playbook("pull", [pull]), ["pull"]);
    expect(await host.out("docker image inspect -f '{{index .RepoDigests 0}}' 127.0.0.1:5000/edge:1")).toContain(digest);
    expect(await host.out("ls -A /root/.docker 2>/dev/null; grep -rl robot /run/tmp.* /tmp/tmp.* 2>/dev/null; true")).toBe("");
    const wrong = { ...pull, docker_image: { ...pull.docker_image, digest: `sha256:${"0".repeat(64)}` } };
    const refused = await playbook("wrong", [wrong]).run();
    expect(refused.exitCode).toBe(1);
  });

  test("an image is removed, and loaded from an archive", async () => {
    const id = await host.out("docker image inspect -f '{{.Id}}' 127.0.0.1:5000/edge:1");
    await converges(playbook("absent", [{ name: "absent", docker_image: { name: `127.0.0.1:5000/edge:1@${digest}`, state: "absent" } }]), [
      "absent",
    ]);
    const load = {
      name: "load",
      docker_image: { name: "127.0.0.1:5000/edge:1", source: "load", load_path: "/srv/edge.tar", image_id: id },
    };
    await converges(playbook("load", [load]), ["load"]);
  });
});
