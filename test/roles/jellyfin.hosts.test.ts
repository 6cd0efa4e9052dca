import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { jellyfinImage } from "../jellyfin/image.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

const part = ["--tags", "docker,jellyfin"];
const only = ["--tags", "jellyfin"];
const password = "a long word of an administrator";
const guestPassword = "a long word of a guest";
const outside = "203.0.113.9";
const inside = "192.168.1.20";

/** With the emulator, or with REMPART_TEST_JELLYFIN_IMAGE. */
describe("jellyfin on trixie", () => {
  let host: TestHost;
  let rempart: Rempart;
  let check: Told;
  const options: Record<string, unknown> = {};
  const withOptions = (more: object) => rempart.with({ jellyfin: { ...options, ...more } });
  beforeAll(async () => {
    const image = await jellyfinImage();
    host = await startHost({ release: "trixie", name: "proliant" });
    await host.out("mkdir -p /srv/media/films");
    Object.assign(options, {
      image: image.name,
      archive: image.archive,
      image_id: image.id,
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

  /** A request as a visitor with that address, through the proxy's place: its status, and its body. */
  const ask = async (
    method: string,
    path: string,
    { from = inside, body, token = "" }: { from?: string; body?: unknown; token?: string },
  ) => {
    const who = `Authorization: MediaBrowser Client="t", Device="t", DeviceId="t", Version="1"${token && `, Token="${token}"`}`;
    const given = body === undefined ? [] : ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
    const words = ["timeout", "20", "curl", "-s", "-X", method, "-w", "\n%{http_code}", "-H", who, "-H", `X-Forwarded-For: ${from}`];
    const said = await host.out([...words, ...given, `http://127.0.0.1:8096${path}`]);
    const end = said.lastIndexOf("\n");
    return { status: Number(said.slice(end + 1)), body: end > 0 ? (JSON.parse(said.slice(0, end)) as Record<string, unknown>) : {} };
  };
  const login = (name: string, word: string, from?: string) =>
    ask("POST", "/Users/AuthenticateByName", { body: { Username: name, Pw: word }, ...(from !== undefined && { from }) });

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

  test("the server is healthy, has no rights, and answers on the loopback only", async () => {
    const format =
      "{{.State.Health.Status}} {{.Config.User}} {{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.SecurityOpt}}";
    expect(await host.out(["docker", "inspect", "jellyfin", "--format", format])).toBe(
      "healthy 8096:8096 [ALL] true unless-stopped [no-new-privileges:true]",
    );
    expect(await opens(host.address, 8096)).toBe(false);
    expect((await host.exec("docker exec jellyfin sh -c 'echo > /media/films/x'")).exitCode).not.toBe(0);
    expect((await ask("GET", "/Startup/User", {})).status).toBe(401);
  });

  test("the administrator is let in from the LAN only, a guest from everywhere", async () => {
    expect((await login("ada", password, outside)).status).toBe(403);
    expect((await login("ada", password)).status).toBe(200);
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
    const token = String((await login("ada", password)).body.AccessToken);
    const system = (await ask("GET", "/System/Configuration", { token })).body;
    const PluginRepositories = [{ Name: "strange", Url: "https://example.net/x", Enabled: true }];
    await ask("POST", "/System/Configuration", { token, body: { ...system, QuickConnectAvailable: true, PluginRepositories } });
    const encoding = (await ask("GET", "/System/Configuration/encoding", { token })).body;
    await ask("POST", "/System/Configuration/encoding", { token, body: { ...encoding, AllowAv1Encoding: true } });
    const users = Object.values((await ask("GET", "/Users", { token })).body) as { Id: string; Name: string; Policy: object }[];
    for (const user of users.filter((u) => u.Name !== "child"))
      await ask("POST", `/Users/${user.Id}/Policy`, {
        token,
        body: { ...user.Policy, EnableRemoteAccess: true, EnablePublicSharing: true },
      });
    await ask("DELETE", "/Library/VirtualFolders?name=Films", { token });
    await host.out("sed -i 's/<EnableUPnP>false/<EnableUPnP>true/' /srv/jellyfin/config/config/network.xml");
    await host.out("sed -i 's/read_only: true/read_only: false/' /opt/jellyfin/compose.yml");
    await host.out("sed -i 's/: 10,/: 1,/' /srv/jellyfin/config/config/logging.json");
    const drifted = await rempart.run(...only, "--check");
    const named = [
      "jellyfin : Hold its network settings",
      "jellyfin : Keep its logs",
      "jellyfin : Write its compose file",
      "jellyfin : Let the administrator in from the LAN only",
      "jellyfin : Close what a login does not need",
      "jellyfin : Convert with what the host has",
      "jellyfin : Take plugins from the project only",
      "jellyfin : Hold the libraries",
      "jellyfin : Hold the users",
    ];
    expect([...new Set(drifted.changes)], drifted.trouble).toEqual(expect.arrayContaining(named));
    const repair = await rempart.run(...only);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(expect.arrayContaining(named));
    expect((await login("ada", password, outside)).status).toBe(403);
    expect((await rempart.run(...only)).changes).toEqual([]);
  });

  test("a server that does not know the administrator is left as it is", async () => {
    const users = await host.out("sha256sum /srv/jellyfin/config/config/system.xml");
    const other = await withOptions({ admin: { name: "eve", password } }).run(...only);
    expect(other.exitCode).not.toBe(0);
    expect(other.trouble).toContain("a server is never reset");
    expect(await host.out("sha256sum /srv/jellyfin/config/config/system.xml")).toBe(users);
    expect((await login("ada", password)).status).toBe(200);
  });

  test("without the marker of the media nothing starts, neither by a run nor by the engine", async () => {
    const marked = withOptions({ media: { marker: ".rempart-media" } });
    const refused = await marked.run(...only);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.trouble).toContain("without it the server would take an empty folder for an empty library");
    await host.out("touch /srv/media/.rempart-media");
    const done = await marked.run(...only);
    expect(done.exitCode, done.trouble).toBe(0);
    await host.out("docker stop jellyfin && mount -t tmpfs none /srv/media");
    expect((await host.exec("docker start jellyfin")).exitCode).not.toBe(0);
    await host.out("umount /srv/media && docker start jellyfin");
    const back = await rempart.run(...only);
    expect(back.exitCode, back.trouble).toBe(0);
  });

  test("another version is refused by a plain run; an upgrade that fails ends with the old one and its data", async () => {
    const broken = await jellyfinImage("broken");
    const next = withOptions({ image: broken.name, archive: broken.archive, image_id: broken.id, start_timeout: 30 });
    const plain = await next.run(...only);
    expect(plain.trouble).toContain("run with --tags upgrade");
    const failed = await next.run("--tags", "upgrade");
    expect(failed.exitCode).not.toBe(0);
    expect(failed.trouble).toContain("runs again, with its data as they were");
    expect((await login("ada", password)).status).toBe(200);
    // The other archive has taken its place on the host.
    expect((await rempart.run(...only)).changes).toEqual(["jellyfin : Bring the archive of the image"]);
  });
});

function opens(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 3000 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
