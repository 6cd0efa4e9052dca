import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { brokenByHand } from "../jellyfin/broken-by-hand.ts";
import { type JellyfinImage, jellyfinImage } from "../jellyfin/image.ts";
import { cdiStandIn, nfsStandIn, recordedCard } from "../jellyfin/stand-ins.ts";
import { opens, visitors } from "../jellyfin/visitor.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

const part = ["--tags", "docker,jellyfin"];
const only = ["--tags", "jellyfin"];
const upgrade = ["--tags", "upgrade", "--skip-tags", "nginx"];
const password = "a long word of an administrator";
const guestPassword = "a long word of a guest";
const outside = "203.0.113.9";

/** With the emulator, or with REMPART_TEST_JELLYFIN_IMAGE. The tests build on each other: one host, as few runs as can be. */
describe("jellyfin on trixie", () => {
  let host: TestHost;
  let images: Readonly<Record<"sound" | "next" | "broken", JellyfinImage>>;
  let rempart: Rempart;
  let check: Told;
  const options: Record<string, unknown> = {};
  const withOptions = (more: object) => rempart.with({ jellyfin: { ...options, ...more } });
  const imageOf = (kind: "sound" | "next" | "broken") => ({ image: images[kind].name, image_id: images[kind].id });
  beforeAll(async () => {
    images = { sound: await jellyfinImage(), next: await jellyfinImage("next"), broken: await jellyfinImage("broken") };
    host = await startHost({ release: "trixie", name: "proliant" });
    await host.out("mkdir -p /srv/media/films");
    Object.assign(options, {
      ...imageOf("sound"),
      archive: images.sound.archive,
      admin: { name: "ada", password },
      libraries: [{ name: "Films", type: "movies", paths: ["/media/films"] }],
      users: [
        { name: "guest", password: guestPassword, role: "guest", libraries: ["Films"] },
        { name: "child", password: guestPassword, role: "user", max_parental_rating: 12 },
      ],
    });
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      jellyfin: options,
      hardening: { docker_host: true },
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } },
    });
  });
  afterAll(() => host?.stop());

  const { ask, login } = visitors(() => host);

  test("a check of the bare host passes and changes nothing", async () => {
    const before = await fingerprint(host);
    check = await rempart.run(...part, "--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(await fingerprint(host)).toBe(before);
  });

  test("the first run does what the check said, the second changes nothing", async () => {
    const first = await rempart.run(...part);
    expectTruth("jellyfin on trixie", check, first);
    const second = await rempart.run(...part);
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
  });

  test("the server is healthy, has no rights and no card, and answers on the loopback only", async () => {
    const format =
      "{{.State.Health.Status}} {{.Config.User}} {{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.SecurityOpt}} {{.HostConfig.DeviceRequests}}";
    expect(await host.out(["docker", "inspect", "jellyfin", "--format", format])).toBe(
      "healthy 8096:8096 [ALL] true unless-stopped [no-new-privileges:true] []",
    );
    expect(await host.out("grep -o '<HardwareAccelerationType>.*</' /srv/jellyfin/config/config/encoding.xml")).toContain(">none<");
    expect(await opens(host.address, 8096)).toBe(false);
    expect((await host.exec("docker exec jellyfin sh -c 'echo > /media/films/x'")).exitCode).not.toBe(0);
    expect((await ask("GET", "/Startup/User", {})).status).toBe(401);
  });

  test("the administrator is let in from the LAN only, a guest from everywhere", async () => {
    expect((await login("ada", password, outside)).status).toBe(403);
    const administrator = await login("ada", password);
    expect(administrator.status).toBe(200);
    const users = Object.values((await ask("GET", "/Users", { token: String(administrator.body.AccessToken) })).body);
    expect(users, "the role's own logins were not counted").toEqual(
      users.map(() => expect.objectContaining({ Policy: expect.objectContaining({ InvalidLoginAttemptCount: 0 }) })),
    );
    const guest = await login("guest", guestPassword, outside);
    expect(guest.status).toBe(200);
    expect(guest.body.User).toMatchObject({
      Policy: { IsAdministrator: false, EnableAllFolders: false, EnableContentDownloading: false, SyncPlayAccess: "None" },
    });
    expect((await ask("GET", "/Users", { token: String(guest.body.AccessToken), from: outside })).status).toBe(403);
    const child = await login("child", guestPassword, outside);
    expect(child.body.User).toMatchObject({ Policy: { EnableAllFolders: true, MaxParentalRating: 12, LoginAttemptsBeforeLockout: 5 } });
  });

  test("what was changed by hand is named by a check, each thing by its own task, and put back by a run", async () => {
    const named = await brokenByHand(
      host,
      visitors(() => host),
      password,
    );
    const drifted = await rempart.run(...only, "--check");
    expect([...new Set(drifted.changes)], drifted.trouble).toEqual(expect.arrayContaining(named));
    // Who is outside counts as one of the LAN: every setting is as it was asked for, and only the try itself tells.
    const open = await withOptions({ lan: ["192.168.0.0/16", "203.0.113.0/24"] }).run(...only);
    expect(open.changes).toEqual(expect.arrayContaining(named));
    expect(open.exitCode).not.toBe(0);
    expect(open.trouble).toContain("the server answered 200 to a login of ada from outside");
    const repair = await rempart.run(...only);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(["jellyfin : Know who is in the LAN", "jellyfin : Restart it for its network settings"]);
    expect((await login("ada", password, outside)).status).toBe(403);
  });

  test("a server that does not know the administrator is left as it is", async () => {
    const users = await host.out("sha256sum /srv/jellyfin/config/config/system.xml");
    const other = await withOptions({ admin: { name: "eve", password } }).run(...only);
    expect(other.exitCode).not.toBe(0);
    expect(other.trouble).toContain("a server is never reset");
    expect(await host.out("sha256sum /srv/jellyfin/config/config/system.xml")).toBe(users);
    expect((await login("ada", password)).status).toBe(200);
  });

  test("media of the NAS are mounted read-only, and without them nothing starts, neither by a run nor by the engine nor at boot", async () => {
    const nas = await nfsStandIn(host, ["films/one.mkv"]);
    options.media = { src: "nas:/volume1/media" };
    const refused = await withOptions({}).run(...only);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.trouble).toContain("without it the server would take an empty folder for an empty library");
    await nas.mark();
    const done = await withOptions({}).run(...only);
    expect(done.exitCode, done.trouble).toBe(0);
    expect(await host.out("docker exec jellyfin ls /media/films")).toBe("one.mkv");
    expect(await host.out("findmnt -no SOURCE,OPTIONS /srv/media")).toMatch(/^nas:\/volume1\/media +ro,nosuid,nodev,noexec/);
    await host.out(`
      mount -i -t tmpfs -o remount,rw nas:/volume1/media /srv/media && chmod 0777 /usr/local/sbin/rempart-jellyfin &&
      systemctl disable --quiet rempart-jellyfin && sed -i s/RestartSec=60/RestartSec=9/ /etc/systemd/system/rempart-jellyfin.service`);
    const named = [
      "Mount the media read-only",
      "Bring what starts the server once its media are there",
      "Have it started after each boot",
      "Turn that on",
    ];
    const drifted = await withOptions({}).run(...only, "--check");
    expect(drifted.changes, drifted.trouble).toEqual(named.map((task) => `jellyfin : ${task}`));
    const repair = await withOptions({}).run(...only);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(drifted.changes);
    await host.out("docker stop jellyfin && umount /srv/media");
    await nas.down();
    expect((await host.exec("docker start jellyfin")).exitCode).not.toBe(0);
    expect((await host.exec("timeout 60 systemctl restart rempart-jellyfin")).exitCode).not.toBe(0);
    expect(await host.out("journalctl -u rempart-jellyfin -o cat")).toContain(
      "Jellyfin is not started: nas:/volume1/media cannot be mounted at /srv/media",
    );
    expect(await host.out("docker inspect jellyfin --format '{{.State.Running}}'")).toBe("false");
    await nas.up();
    expect(await host.out("systemctl show rempart-jellyfin -P Restart -P RestartUSec -P UnitFileState")).toBe("on-failure\n1min\nenabled");
    await host.out("timeout 60 systemctl restart rempart-jellyfin");
    expect(await host.out("docker inspect jellyfin --format '{{.State.Running}}'")).toBe("true");
  });

  test("another version is refused by a plain run; an upgrade that does not get well ends with the old one and its data", async () => {
    const broken = withOptions({ ...imageOf("broken"), start_timeout: 15 });
    const plain = await broken.run(...only);
    expect(plain.trouble).toContain("run with --tags upgrade");
    const failed = await broken.run(...upgrade);
    expect(failed.exitCode).not.toBe(0);
    expect(failed.trouble).toContain(
      `${images.broken.name} did not get healthy; ${images.sound.name} runs again, with its data as they were`,
    );
    expect(failed.changes).toContain("jellyfin : Have the server save itself");
    // It would not get well itself with data that the other one has touched.
    expect((await login("ada", password)).status).toBe(200);
    expect(await host.out("docker inspect jellyfin --format '{{.Config.Image}}'; cat /srv/jellyfin/image")).toBe(
      `${images.sound.name}\n${images.sound.name}`,
    );
  });

  test("an upgrade that gets well stays, with the data, and the copies of before; one that was cut off is ended by the next", async () => {
    const next = withOptions(imageOf("next"));
    const done = await next.run(...upgrade);
    expect(done.exitCode, done.trouble).toBe(0);
    expect((await login("ada", password)).status).toBe(200);
    expect(await host.out("docker inspect jellyfin --format '{{.Config.Image}}'")).toBe(images.next.name);
    expect(await host.out("ls /srv/jellyfin/config/data/backups | wc -l; ls /srv/jellyfin/before")).toBe("2\ncompose.yml\nconfig");
    await host.out("touch /srv/jellyfin/before/unproven");
    expect((await next.run(...only)).trouble).toContain("an upgrade of them was cut off");
    const ended = await next.run(...upgrade);
    expect(ended.exitCode, ended.trouble).toBe(0);
    expect(ended.changes).toEqual(["jellyfin : Take the new version as proven"]);
    expect((await next.run(...only)).changes).toEqual([]);
    Object.assign(options, imageOf("next"));
  });

  test("absent takes away what the role made and keeps the data, which another version is not put over", async () => {
    const absent = withOptions({ state: "absent" });
    const gone = await absent.run(...only);
    expect(gone.exitCode, gone.trouble).toBe(0);
    expect(
      await host.out(
        "docker ps -aq; ls -d /opt/jellyfin /etc/rempart-jellyfin /etc/systemd/system/rempart-jellyfin.service /srv/jellyfin/cache 2>/dev/null; grep media /etc/fstab; findmnt /srv/media; true",
      ),
    ).toBe("");
    expect(await host.out("ls -d /srv/media/films /srv/jellyfin/config/config/system.xml; getent passwd 8096")).toMatch(
      /system.xml\n.*films\njellyfin:/,
    );
    expect((await absent.run(...only)).changes).toEqual([]);
    expect((await withOptions(imageOf("sound")).run(...only)).trouble).toContain(`the data are of ${images.next.name}`);
  });

  test("present again finds its data; with a card the container has it by CDI, and the server converts on it but never to AV1", async () => {
    await recordedCard(host);
    await cdiStandIn(host);
    const present = withOptions({});
    const back = await present.run(...part);
    expect(back.exitCode, back.trouble).toBe(0);
    expect(back.changes).not.toContain("jellyfin : Set it up");
    expect((await login("guest", guestPassword, outside)).status).toBe(200);
    expect(await host.out("docker inspect jellyfin --format '{{json .HostConfig.DeviceRequests}}'")).toContain(
      '"DeviceIDs":["nvidia.com/gpu=all"]',
    );
    expect(await host.out("docker exec jellyfin ls /dev/stand-in-card")).toBe("/dev/stand-in-card");
    const token = String((await login("ada", password)).body.AccessToken);
    expect((await ask("GET", "/System/Configuration/encoding", { token })).body).toMatchObject({
      HardwareAccelerationType: "nvenc",
      EnableHardwareEncoding: true,
      AllowHevcEncoding: true,
      AllowAv1Encoding: false,
      HardwareDecodingCodecs: expect.not.arrayContaining(["av1"]) as unknown,
    });
    const runtime = await withOptions({ gpu: "runtime" }).run(...only, "--check", "--diff");
    expect(JSON.stringify(runtime.tasks)).toContain("runtime: nvidia");
    await host.out("umount /sys/bus/pci/devices");
    const without = await present.run(...only, "--check");
    expect(without.changes).toEqual(["jellyfin : Write its compose file", "jellyfin : Convert with what the host has"]);
    expect(without.tasks.find((one) => one.task === "Start it")?.status).toBe("maybe");
  });

  test("only a reason takes the data away, and never the media", async () => {
    const purged = await withOptions({ state: "absent", purge: "the test is over" }).run(...only);
    expect(purged.exitCode, purged.trouble).toBe(0);
    expect((await host.exec("ls -d /srv/jellyfin; id jellyfin")).stdout).toBe("");
    expect(await host.out("ls /srv/media")).toBe("films");
  });
});
