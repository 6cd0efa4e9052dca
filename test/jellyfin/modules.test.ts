import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Change } from "../../src/kernel/change.ts";
import type { Question } from "../../src/kernel/fact.ts";
import type { Refusal } from "../../src/kernel/module.ts";
import { Secret } from "../../src/kernel/value.ts";
import { modules } from "../../src/modules/index.ts";
import { JellyfinEmulator } from "./emulator/server.ts";

/** The questions and steps of the modules, run by this machine's shell and curl against the emulator. */
describe("the modules for Jellyfin", () => {
  let config: string;
  let server: JellyfinEmulator;
  let url: string;
  const password = 'a "long" word of $an \\administrator';
  const start = async (starting = 0, version = "10.11.11") => {
    server = new JellyfinEmulator({ config, starting, version });
    url = `http://127.0.0.1:${await server.listen(0, "127.0.0.1")}`;
  };
  beforeEach(async () => {
    config = mkdtempSync(join(tmpdir(), "rempart-jellyfin-"));
    await start();
  });
  afterEach(async () => {
    await server.close();
    rmSync(config, { recursive: true, force: true });
  });

  const prepared = (name: string, args: object) => {
    const done = modules.find((m) => m.name === name)?.prepare({ url, admin: "Ada", admin_password: new Secret(password), ...args });
    if (!done?.ok) throw new Error(JSON.stringify(done));
    return done.prepared;
  };
  const look = async (name: string, args: object): Promise<readonly Change[] | Refusal> => {
    const made = prepared(name, args);
    const question = made.questions.server as Question;
    const { stdout } = await shell(`_ask() {\n${question.fact.script([question.key]).text}\n}\nLC_ALL=C _ask`);
    const [value] = question.fact.read(stdout, [question.key]);
    expect(question.fact.write?.(question.key, value), "the record can be told from the answer").toEqual(stdout.toString());
    return made.plan(new Map([[question.id, value]]));
  };
  /** Does what is to be done, and sees that nothing is left. The fields that changed, or why it was refused. */
  const hold = async (name: string, args: object): Promise<readonly string[] | string> => {
    const plan = await look(name, args);
    if ("refused" in plan) return plan.refused;
    for (const step of plan.flatMap((c) => c.steps)) {
      if (step.do !== "script" || !(step.text instanceof Secret)) throw new Error("only scripts that nobody sees are expected");
      const { code, stderr } = await shell(step.text.reveal());
      if (code !== 0) return `failed: ${stderr}`;
    }
    expect(await look(name, args), "nothing is left").toEqual([]);
    return plan.flatMap((c) => c.fields).map((f) => `${f.name}: ${JSON.stringify(f.before)} -> ${JSON.stringify(f.after)}`);
  };
  const setUp = () => hold("jellyfin_server", { name: "home", culture: "fr", country: "FR", language: "fr" });

  test("set a new server up, once, and only when it is ready", async () => {
    await server.close();
    expect(await setUp()).toMatch(/^no server answers at /);
    await start(60_000);
    expect(await setUp()).toMatch(/is not ready \(200 Degraded\)/);
    await server.close();
    await start();
    expect(await hold("jellyfin_user", { name: "bob" })).toMatch(/is not set up: put a task with jellyfin_server in front/);
    expect(await setUp()).toContain('administrator: undefined -> "Ada"');
    expect(await setUp()).toEqual([]);
  });

  test("never reset a server that has another administrator", async () => {
    await setUp();
    const other = { admin: "eve" };
    for (const [name, args] of [
      ["jellyfin_server", { name: "mine" }],
      ["jellyfin_user", { name: "eve", password: "x" }],
    ] as const)
      expect(await hold(name, { ...args, ...other })).toMatch(
        /does not let eve in .*\(401 .*Nothing was changed, and a server is never reset/s,
      );
    expect(await setUp()).toEqual([]);
  });

  test("hold users, what they may and what they see", async () => {
    await setUp();
    expect(await hold("jellyfin_user", { name: "guest", password: "another word", libraries: ["Films"] })).toBe(
      'the server has no library "Films"; it has none',
    );
    expect(await hold("jellyfin_library", { name: "Films & co, é", type: "movies", paths: [config] })).toContain(
      'type: undefined -> "movies"',
    );
    const guest = { name: "guest", password: "another word", libraries: ["Films & co, é"], policy: { EnableContentDownloading: false } };
    expect(await hold("jellyfin_user", guest)).toContain('EnabledFolders: undefined -> ["Films & co, é"]');
    expect(await hold("jellyfin_user", { ...guest, name: "GUEST", policy: { EnableContentDownloading: true } })).toEqual([
      "EnableContentDownloading: false -> true",
    ]);
    expect(await hold("jellyfin_user", { name: "guest", policy: { EnableNonsense: true } })).toMatch(/^a policy of this server has no/);
    expect(await hold("jellyfin_user", { name: "Ada", policy: { EnableRemoteAccess: false } })).toEqual([
      "EnableRemoteAccess: true -> false",
    ]);
    expect(await hold("jellyfin_user", { name: "Ada", policy: { IsAdministrator: false } })).toMatch(
      /^failed: the server answered 403 to POST/,
    );
    expect(await hold("jellyfin_user", { name: "guest", state: "absent" })).toEqual(['state: "present" -> undefined']);
    expect(await hold("jellyfin_user", { name: "ada", state: "absent" })).toMatch(/^that is the administrator/);
  });

  test("hold libraries by their folders", async () => {
    await setUp();
    await hold("jellyfin_library", { name: "Films", type: "movies", paths: [config] });
    expect(await hold("jellyfin_library", { name: "Films", type: "movies", paths: [tmpdir()] })).toEqual([
      `paths: ${JSON.stringify([config])} -> ${JSON.stringify([tmpdir()])}`,
    ]);
    expect(await hold("jellyfin_library", { name: "Films", type: "tvshows", paths: [config] })).toMatch(/is one of movies, not of tvshows/);
    expect(await hold("jellyfin_library", { name: "Films", type: "movies", paths: ["/nosuch"] })).toMatch(
      /^failed: the server answered 404/,
    );
    expect(await hold("jellyfin_library", { name: "Films", state: "absent" })).toEqual(['state: "present" -> undefined']);
  });

  test("hold settings, and leave those alone that are not named", async () => {
    await setUp();
    const settings = { EnableLegacyAuthorization: false, CorsHosts: [] };
    expect(await hold("jellyfin_configuration", { settings })).toEqual([
      "EnableLegacyAuthorization: true -> false",
      'CorsHosts: ["*"] -> []',
    ]);
    expect(await setUp(), "the whole section was sent back").toEqual([]);
    expect(await hold("jellyfin_configuration", { section: "encoding", settings: { HardwareAccelerationType: "cuda" } })).toMatch(
      /^failed: .* 400 /,
    );
    expect(await hold("jellyfin_configuration", { section: "encoding", settings: { Nonsense: 1 } })).toMatch(
      /^the section encoding of this server/,
    );
  });

  test("save the server to an archive that it lists, from 10.11 on", async () => {
    const save = async () => {
      const plan = await look("jellyfin_backup", {});
      if ("refused" in plan) return plan.refused;
      const [step] = plan.flatMap((c) => c.steps);
      if (step?.do !== "script" || !(step.text instanceof Secret)) throw new Error("a script that nobody sees is expected");
      return (await shell(step.text.reveal())).stdout.toString();
    };
    await setUp();
    expect(await save()).toBe(`${join(config, "data/backups", readdirSync(join(config, "data/backups"))[0] ?? "")}\n`);
    await server.close();
    rmSync(config, { recursive: true });
    await start(0, "10.10.7");
    await setUp();
    expect(await save()).toMatch(/^Jellyfin 10\.10\.7 cannot save itself/);
  });

  test("try logins from addresses, which the server counts only when the password is wrong", async () => {
    const logins = async (more: object) => {
      const made = modules
        .find((m) => m.name === "jellyfin_login")
        ?.prepare({ url, name: "ada", password: new Secret(password), from: ["203.0.113.77", "127.0.0.1"], ...more });
      if (!made?.ok) throw new Error(JSON.stringify(made));
      const asked = made.prepared.questions.logins as readonly Question[];
      const { fact } = asked[0] as Question;
      const keys = asked.map((q) => q.key);
      const { stdout } = await shell(`_ask() {\n${fact.script(keys).text}\n}\nLC_ALL=C _ask`);
      return fact.read(stdout, keys).map((value) => (value as { status: number }).status);
    };
    const wrong = async () => {
      const made = prepared("jellyfin_user", { name: "ada" });
      const question = made.questions.server as Question;
      const { stdout } = await shell(`_ask() {\n${question.fact.script([question.key]).text}\n}\nLC_ALL=C _ask`);
      const answers = new Map([[question.id, question.fact.read(stdout, [question.key])[0]]]);
      return made.resultOf({ before: answers, after: answers, ran: [] }).wrong_logins;
    };
    await setUp();
    await hold("jellyfin_user", { name: "ada", policy: { EnableRemoteAccess: false, LoginAttemptsBeforeLockout: 5 } });
    await hold("jellyfin_configuration", { section: "network", settings: { KnownProxies: ["127.0.0.1"] } });
    await server.close();
    expect(await logins({})).toEqual([0, 0]);
    await start();
    for (let i = 0; i < 6; i++) expect(await logins({})).toEqual([403, 200]);
    expect(await wrong()).toBe(0);
    expect(await logins({ password: "no", from: ["127.0.0.1"] })).toEqual([401]);
    await hold("jellyfin_user", { name: "eve", password: "x" });
    expect(await logins({ name: "eve", password: "x" })).toEqual([200, 200]);
  });

  test("keep plugins to the named hosts", async () => {
    await setUp();
    const good = { Name: "stable", Url: "https://files.example.org/plugins.json", Enabled: true };
    const bad = ["http://example.org/x", "https://example.org.evil.net/x", "https://badexample.org/x"].map((Url) => ({ ...good, Url }));
    await hold("jellyfin_configuration", { settings: { PluginRepositories: [good, ...bad] } });
    expect(await hold("jellyfin_plugin_repositories", { hosts: ["example.org"] })).toHaveLength(3);
  });
});

function shell(text: string): Promise<{ code: number; stdout: Buffer; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile("/bin/sh", ["-s"], { encoding: "buffer", timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr: stderr.toString() }),
    );
    child.stdin?.end(`${text}\n`);
  });
}
