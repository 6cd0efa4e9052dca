import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { restServerImage } from "../hosts/rest-server.ts";
import { Rempart } from "./rempart.ts";

const password = "correct horse battery staple";

describe("backups of a Debian 12 to a REST server and to a mounted disk", () => {
  let proliant: TestHost;
  let nas: TestHost;
  let holder: Rempart;
  let bringer: Rempart;
  beforeAll(async () => {
    [proliant, nas] = await Promise.all([
      startHost({ release: "trixie", name: "proliant" }),
      startHost({ release: "bookworm", name: "nas" }),
    ]);
    const hosts = [proliant, nas];
    const nginx = { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }] };
    holder = new Rempart("playbooks/proliant.yml", hosts, { nginx });
    bringer = new Rempart("playbooks/nas.yml", hosts, { backup: { password, presets: ["state"] } });
  });
  afterAll(() => Promise.all([proliant?.stop(), nas?.stop()]));

  const part = ["--tags", "backup"];
  const start = (host: TestHost, unit = "rempart-backup") => host.exec(["timeout", "120", "systemctl", "start", unit]);
  const alerted = (host: TestHost, what: string) =>
    expect.poll(() => host.out("tail -n 1 /var/lib/rempart-backup/alerts 2>/dev/null; true"), { timeout: 30_000 }).toContain(what);
  const converged = async (rempart: Rempart) => {
    const told = await rempart.run(...part);
    expect(told.exitCode, told.trouble).toBe(0);
    return told.changes;
  };

  test("a REST server in a container takes backups in over TLS, keeps users apart, and lets nobody take anything away", async () => {
    const word = "a long word of the NAS";
    const users = [{ name: "nas", password: word, prune: true, repository_password: password }];
    const rest = { ...(await restServerImage()), names: [proliant.address], users: [...users, { name: "other", password: word }] };
    const serving = holder.with({
      docker: { published_access: [{ from: nas.address, port: 8000, reason: "backups" }] },
      backup: { serve: { rest } },
    });
    const served = await serving.run("--tags", "docker,backup");
    expect(served.exitCode, served.trouble).toBe(0);
    expect(await converged(serving)).toEqual([]);
    expect(await proliant.out("grep -rls 'a long word' /etc /opt /srv /usr/local; true")).toBe("");
    const format = "{{.Config.User}} {{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.SecurityOpt}}";
    expect(await proliant.out(["docker", "inspect", "rest-server", "--format", format])).toBe(
      "8000:8000 [ALL] true [no-new-privileges:true]",
    );

    const url = `https://nas:${word.replaceAll(" ", "%20")}@${proliant.address}:8000/nas/`;
    const target = { type: "rest", url, server: "proliant" };
    await converged(bringer.with({ backup: { target, prune: "target" } }));
    expect(await nas.out("grep -rl 'a%20long' /etc /usr/local")).toBe("/etc/rempart-backup/repository");
    expect((await start(nas)).exitCode, await nas.out("journalctl -u rempart-backup -n 5 --no-pager")).toBe(0);
    // What is refused it would try again for a quarter of an hour; interrupted, it takes its lock away.
    const as = (address: string, ...words: string[]) =>
      nas.exec(
        `RESTIC_PASSWORD_FILE=/etc/rempart-backup/password timeout -s INT 6 restic --no-cache -r rest:${address} ${words.join(" ")}`,
      );
    const known = "--cacert /etc/rempart-backup/ca.pem";
    expect((await as(url, "snapshots")).stderr).toContain("certificate signed by unknown authority");
    expect((await as(url.replace("//nas:", "//other:"), known, "snapshots")).stderr).toMatch(/401|403/);
    expect((await as(url.replace("word", "guess"), known, "snapshots")).stderr).toMatch(/401|403/);
    await as(url, known, "forget latest");
    const snapshots = () => proliant.out("stat -c %U /srv/backup-rest/nas/snapshots/*");
    expect(await snapshots()).toBe("rempart-rest");
    const unit = "rempart-backup-prune-rest-nas";
    expect((await start(proliant, unit)).exitCode, await proliant.out(`journalctl -u ${unit} -n 20 --no-pager`)).toBe(0);
    expect(await snapshots()).toBe("rempart-rest");
    expect(await converged(serving.with({ backup: { serve: { rest: { users } } } }))).toEqual([
      "backup : Let nobody else in",
      "backup : Restart the REST server",
    ]);
  });

  test("restic of Debian 12 to a mounted disk: refused without the disk, with the same words for the same failures", async () => {
    const here = bringer.with({ backup: { target: { type: "mount", mount: "/mnt/disk", path: "/mnt/disk/restic" } } });
    const refused = await here.run(...part);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.trouble).toContain("/mnt/disk is not a mount point");
    await nas.out("mkdir -p /mnt/disk && mount -t tmpfs disk /mnt/disk");
    await converged(here);
    expect(await converged(here)).toEqual([]);
    expect((await start(nas)).exitCode, await nas.out("journalctl -u rempart-backup -n 20 --no-pager")).toBe(0);
    expect((await nas.exec("rempart-backup drill")).exitCode).toBe(0);
    await nas.out(
      "for f in /mnt/disk/restic/data/*/*; do chmod u+w $f; printf XXXX | dd of=$f bs=1 seek=20 conv=notrunc status=none; done",
    );
    const damaged = await nas.exec("rempart-backup drill");
    expect(damaged.exitCode).not.toBe(0);
    await nas.out("echo another > /etc/rempart-backup/password; systemctl start rempart-backup; true");
    await alerted(nas, "the password does not open the repository");
  });
});
