import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dockerRepository } from "../hosts/docker-repository.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { jellyfinImage } from "../jellyfin/image.ts";
import { sambaShare, smbStandIn } from "../jellyfin/stand-ins.ts";
import { visitors } from "../jellyfin/visitor.ts";
import { Rempart } from "./rempart.ts";

/** Debian 12 with the stand-in for Docker's repository, and a real Samba for the media: behind REMPART_TEST_SLOW, as it fetches packages. */
describe.runIf(process.env.REMPART_TEST_SLOW)("jellyfin on bookworm, with media by SMB", () => {
  let host: TestHost;
  let nas: TestHost;
  let rempart: Rempart;
  const part = ["--tags", "docker,jellyfin"];
  const password = "a long word of an administrator";
  const guestPassword = "a long word of a guest";
  const sharePassword = "a word of the share";
  beforeAll(async () => {
    const image = await jellyfinImage();
    host = await startHost({ release: "bookworm", name: "proliant" });
    nas = await startHost({ release: "trixie", name: "nas" });
    await sambaShare(nas, sharePassword, { "films/one.mkv": "a film of the NAS", ".rempart-media": "" });
    await smbStandIn(host);
    const { uri, key } = await dockerRepository(host);
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      docker: { repository: { uri, suite: "/", key } },
      jellyfin: {
        image: image.name,
        image_id: image.id,
        archive: image.archive,
        admin: { name: "ada", password },
        libraries: [{ name: "Films", type: "movies", paths: ["/media/films"] }],
        users: [{ name: "guest", password: guestPassword, role: "guest", libraries: ["Films"] }],
        media: { src: `//${nas.address}/media`, fstype: "cifs", username: "player", password: sharePassword },
      },
      hardening: { docker_host: true },
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } },
    });
  });
  afterAll(async () => {
    await host?.stop();
    await nas?.stop();
  });
  const { login } = visitors(() => host);

  test("a check reaches its end, the first run converges, the second changes nothing", async () => {
    const check = await rempart.run(...part, "--check");
    expect(check.exitCode, check.trouble).toBe(0);
    const first = await rempart.run(...part);
    expect(first.exitCode, first.trouble).toBe(0);
    const second = await rempart.run(...part);
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
  });

  test("the server reads what lies on the share, whose password stands in a file of root's only", async () => {
    expect(await host.out("docker exec jellyfin cat /media/films/one.mkv")).toBe("a film of the NAS");
    expect(await host.out("stat -c '%a %U' /etc/rempart-jellyfin/credentials")).toBe("600 root");
    expect(await host.out("grep -rlF 'word of the share' /etc /opt /srv/jellyfin /usr/local")).toBe("/etc/rempart-jellyfin/credentials");
    expect((await host.exec("docker exec jellyfin sh -c 'echo > /media/films/x'")).exitCode).not.toBe(0);
  });

  test("the administrator is let in from the LAN only, a guest from everywhere", async () => {
    expect((await login("ada", password, "203.0.113.9")).status).toBe(403);
    expect((await login("ada", password)).status).toBe(200);
    expect((await login("guest", guestPassword, "203.0.113.9")).status).toBe(200);
  });

  test("with another password on the NAS the run says what the share said, and the server that runs goes on", async () => {
    await host.out("umount -l /srv/media");
    const refused = await rempart.with({ jellyfin: { media: { password: "another word" } } }).run("--tags", "jellyfin");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.trouble).toContain("NT_STATUS_LOGON_FAILURE");
    expect(await host.out("docker inspect jellyfin --format '{{.State.Running}}'")).toBe("true");
    const back = await rempart.run("--tags", "jellyfin");
    expect(back.exitCode, back.trouble).toBe(0);
    expect(back.changes).toEqual(["jellyfin : Keep the account on the NAS to root", "jellyfin : Mount the media read-only"]);
  });
});
