import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { JellyfinEmulator } from "./emulator/server.ts";

/** What the emulator must refuse, so that a role which passes with it passes with the server. */
describe("the emulator", () => {
  let config: string;
  let server: JellyfinEmulator;
  let port: number;
  const said: string[] = [];
  const start = async (starting = 0, version = "10.11.11") => {
    server = new JellyfinEmulator({ config, starting, version, say: (line) => said.push(line) });
    port = await server.listen(0, "127.0.0.1");
  };
  beforeEach(async () => {
    config = mkdtempSync(join(tmpdir(), "rempart-jellyfin-"));
    await start();
  });
  afterEach(async () => {
    await server.close();
    rmSync(config, { recursive: true, force: true });
  });

  const ask = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const token = more.token === undefined ? "" : `, Token="${more.token}"`;
    const { token: _, ...headers } = more;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        Authorization: `MediaBrowser Client="t", Device="t", DeviceId="t", Version="1"${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      text,
      json: (text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : {}) as Record<string, never>,
    };
  };
  const password = "a long word of an administrator";
  const complete = async () => {
    await ask("GET", "/Startup/User");
    await ask("POST", "/Startup/User", { Name: "ada", Password: password });
    await ask("POST", "/Startup/RemoteAccess", { EnableRemoteAccess: true, EnableAutomaticPortMapping: false });
    expect((await ask("POST", "/Startup/Complete")).status).toBe(204);
    const done = await ask("POST", "/Users/AuthenticateByName", { Username: "ADA", Pw: password });
    const user = done.json.User as unknown as { Id: string; Policy: object };
    return { token: String(done.json.AccessToken), id: user.Id, user };
  };

  test("is not ready while it says Degraded, whatever it says of its first start", async () => {
    await complete();
    await server.close();
    await start(60_000);
    expect(await ask("GET", "/health")).toMatchObject({ status: 200, text: "Degraded" });
    expect((await ask("GET", "/System/Info/Public")).json).toMatchObject({ StartupWizardCompleted: false });
    expect((await ask("GET", "/Startup/User")).status).toBe(503);
  });

  test("wants its first start in order, and never again", async () => {
    expect((await ask("POST", "/Startup/User", { Name: "ada", Password: password })).status).toBe(404);
    expect((await ask("GET", "/Startup/User")).status).toBe(200);
    expect((await ask("POST", "/Startup/User", { Name: "ada", Password: "" })).status).toBe(400);
    const { token } = await complete();
    expect((await ask("GET", "/Startup/User")).status).toBe(401);
    expect((await ask("GET", "/Users", undefined, { token })).status).toBe(200);
  });

  test("takes a policy only whole, and keeps its last administrator", async () => {
    const { token, id, user } = await complete();
    expect((await ask("POST", `/Users/${id}/Policy`, { IsAdministrator: true }, { token })).status).toBe(400);
    expect((await ask("POST", `/Users/${id}/Policy`, { ...user.Policy, IsAdministrator: false }, { token })).status).toBe(403);
    expect((await ask("POST", `/Users/${id}/Policy`, { ...user.Policy, EnableRemoteAccess: false }, { token })).status).toBe(204);
  });

  test("replaces settings whole, and reads its files when it starts", async () => {
    const { token } = await complete();
    await ask("POST", "/System/Configuration/network", { KnownProxies: ["127.0.0.1"], LocalNetworkSubnets: ["192.168.0.0/16"] }, { token });
    expect(readFileSync(join(config, "config/network.xml"), "utf8")).toContain("<KnownProxies><string>127.0.0.1</string></KnownProxies>");
    expect((await ask("POST", "/System/Configuration", {}, { token })).status).toBe(204);
    expect((await ask("GET", "/System/Info/Public")).json).toMatchObject({ StartupWizardCompleted: false });
    writeFileSync(
      join(config, "config/encoding.xml"),
      "<EncodingOptions><HardwareAccelerationType>nvenc</HardwareAccelerationType></EncodingOptions>",
    );
    await server.close();
    await start();
    expect((await ask("GET", "/System/Configuration/encoding", undefined, { token })).json).toMatchObject({
      HardwareAccelerationType: "nvenc",
    });
  });

  test("refuses who is outside, once it knows its proxy, and writes down who failed", async () => {
    const { token, id, user } = await complete();
    await ask("POST", `/Users/${id}/Policy`, { ...user.Policy, EnableRemoteAccess: false, LoginAttemptsBeforeLockout: 2 }, { token });
    const outside = { "X-Forwarded-For": "203.0.113.9" };
    const login = (Pw: string) => ask("POST", "/Users/AuthenticateByName", { Username: "ada", Pw }, outside);
    await ask("POST", "/System/Configuration/network", { KnownProxies: ["127.0.0.1"] }, { token });
    const still = await login(password);
    expect(still.status, "proxies are read at the start only").toBe(200);
    expect((await ask("GET", "/Users", undefined, { token })).status, "a second login of the device ends the first").toBe(401);
    const now = String(still.json.AccessToken);
    expect((await ask("POST", "/System/Restart", undefined, { token: now })).status).toBe(204);
    expect((await login(password)).status).toBe(403);
    expect((await ask("GET", "/Users", undefined, { token: now, ...outside })).status).toBe(403);
    expect((await login("wrong")).status).toBe(401);
    expect(said.at(-1)).toMatch(/UserManager: Authentication request for ada has been denied \(IP: 203\.0\.113\.9\)\.$/);
    const [log = ""] = readdirSync(join(config, "log"));
    expect(readFileSync(join(config, "log", log), "utf8")).toContain(
      'Authentication request for "ada" has been denied (IP: "203.0.113.9").\n',
    );
    await login("wrong");
    expect((await login(password)).text).toContain("disabled");
  });

  test("turns old ways to log in off, and gives keys only to be read back", async () => {
    const { token } = await complete();
    expect((await ask("GET", "/Users", undefined, { "X-Emby-Token": token })).status).toBe(200);
    const now = (await ask("GET", "/System/Configuration", undefined, { token })).json;
    await ask("POST", "/System/Configuration", { ...now, EnableLegacyAuthorization: false }, { token });
    expect((await ask("GET", "/Users", undefined, { "X-Emby-Token": token })).status).toBe(401);
    expect(await ask("POST", "/Auth/Keys?app=backup", undefined, { token })).toMatchObject({ status: 204, text: "" });
    expect((await ask("GET", "/Auth/Keys", undefined, { token })).json.Items).toMatchObject([{ AppName: "backup" }]);
  });

  test("saves itself to an archive that it lists, and ends a session that logs out", async () => {
    const { token } = await complete();
    const what = { Database: true, Metadata: true, Subtitles: true, Trickplay: false };
    expect((await ask("POST", "/Backup/Create", { Database: true }, { token })).status).toBe(400);
    const made = (await ask("POST", "/Backup/Create", what, { token })).json;
    expect(made).toMatchObject({ ServerVersion: "10.11.11", Options: what });
    const path = String(made.Path);
    expect((await ask("GET", "/Backup", undefined, { token })).text).toContain(path);
    expect((await ask("GET", `/Backup/Manifest?path=${path}`, undefined, { token })).json).toMatchObject({ Path: path });
    expect((await ask("GET", "/Backup/Manifest?path=/etc/passwd", undefined, { token })).status).toBe(404);
    expect((await ask("POST", "/Sessions/Logout", undefined, { token })).status).toBe(204);
    expect((await ask("GET", "/Backup", undefined, { token })).status).toBe(401);
  });

  test("makes the data of an older release its own, and never gets well with those of a newer one", async () => {
    await complete();
    await server.close();
    await start(0, "10.12.0");
    expect((await ask("GET", "/System/Info/Public")).json).toMatchObject({ Version: "10.12.0", StartupWizardCompleted: true });
    await server.close();
    await start();
    expect(await ask("GET", "/health")).toMatchObject({ status: 503, text: "Unhealthy" });
  });

  test("makes libraries of folders that are there", async () => {
    const { token } = await complete();
    const add = (name: string, path: string) =>
      ask(
        "POST",
        `/Library/VirtualFolders?name=${name}&collectionType=movies`,
        { LibraryOptions: { PathInfos: [{ Path: path }] } },
        { token },
      );
    expect((await add("Films", "/nosuch")).status).toBe(404);
    expect((await add("Films", config)).status).toBe(204);
    expect((await ask("GET", "/Library/VirtualFolders", undefined, { token })).text).toContain(`"Locations":["${config}"]`);
  });
});
