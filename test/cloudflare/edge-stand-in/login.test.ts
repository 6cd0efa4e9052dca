import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Got } from "./clients.ts";
import { france, japan, Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
}, 60_000);
afterAll(() => stage.stop());
beforeEach(() => {
  // Limits of the test before are over.
  stage.pass(60);
});
afterEach(() => {
  expect([...stage.edge.front.unknown]).toEqual([]);
  expect(stage.emulator.faults).toEqual([]);
});

describe("the login", () => {
  it("leads a visitor from the application to a code and back, and tells the server who asks", async () => {
    const first = await stage.ask("media.example.org/web/?a=b");
    expect([first.status, stage.last?.by]).toEqual([302, "access: login"]);
    expect(first.headers.location).toMatch(
      /^https:\/\/home\.cloudflareaccess\.com\/cdn-cgi\/access\/login\/media\.example\.org\?kid=.+&redirect_url=%2Fweb%2F%3Fa%3Db$/,
    );
    const form = await stage.ask(first.headers.location ?? "");
    expect([form.status, form.body]).toEqual([200, expect.stringContaining('name="email"')]);
    const entered = await stage.logIn("ADA@example.org");
    expect([entered.location, entered.set]).toEqual([
      "/web/?a=b",
      expect.stringMatching(/^CF_Authorization=[\w.-]+; Max-Age=86400; Path=\/; Secure; HttpOnly; SameSite=Lax$/),
    ]);
    const spoofed = { "cf-connecting-ip": "203.0.113.9", "x-forwarded-for": "203.0.113.9", connection: "keep-alive, te", te: "trailers" };
    const page = await stage.ask("media.example.org/web/?a=b", { headers: { cookie: entered.cookie, ...spoofed } });
    expect([page.status, stage.last?.by]).toEqual([200, "origin"]);
    expect(page.headers).toMatchObject({
      "strict-transport-security": "max-age=15552000",
      server: "cloudflare",
      "cf-cache-status": "DYNAMIC",
    });
    const asked = JSON.parse(page.body);
    expect([asked.authorized, asked.url]).toEqual([true, "/web/?a=b"]);
    expect(asked.headers).toMatchObject({
      host: "media.example.org",
      "cf-connecting-ip": france,
      "cf-ipcountry": "FR",
      "x-forwarded-for": `203.0.113.9, ${france}`,
      "x-forwarded-proto": "https",
      "cf-access-authenticated-user-email": "ada@example.org",
      "cf-ray": page.headers["cf-ray"],
    });
    expect(asked.headers.te).toBeUndefined();
    const video = await stage.ask("media.example.org/Videos/1/stream.mp4", { headers: { cookie: entered.cookie } });
    expect(video.headers["cf-cache-status"]).toBe("BYPASS");
  });

  it("sends no code to who is not listed, nor abroad, and says the same words", async () => {
    const [listed, other, abroad] = [
      await stage.code("bob@example.org"),
      await stage.code("eve@example.org"),
      await stage.code("bob@example.org", japan),
    ];
    const words = (got: Got) => got.body.replace(/value="\w+"/, "");
    expect([listed.code, other.code, abroad.code]).toEqual([expect.stringMatching(/^\d{6}$/), undefined, undefined]);
    expect([words(other.page), words(abroad.page)]).toEqual([words(listed.page), words(listed.page)]);
    const guess = await stage.enter(other);
    expect([guess.status, stage.last?.by]).toEqual([401, "access: wrong code"]);
  });

  it("takes a code once, for ten minutes, and not after five wrong ones", async () => {
    const once = await stage.code("ada@example.org");
    expect([(await stage.enter(once)).status, (await stage.enter(once)).status]).toEqual([302, 401]);
    const guessed = await stage.code("ada@example.org");
    for (let i = 0; i < 5; i++) await stage.enter({ ...guessed, code: "wrong" });
    expect((await stage.enter(guessed)).status).toBe(401);
    const late = await stage.code("ada@example.org");
    stage.pass(601);
    expect((await stage.enter(late)).status).toBe(401);
  });

  it("ends with the session, counts for its application only, and not abroad", async () => {
    const { cookie: held } = await stage.logIn();
    const by = async (url: string, from = france, given = held) => [
      (await stage.ask(url, { from, headers: { cookie: given } })).status,
      stage.last?.by,
    ];
    expect(await by("media.example.org/")).toEqual([200, "origin"]);
    expect(await by("git.example.org/")).toEqual([302, "access: login"]);
    expect(await by("media.example.org/", france, held.replace(/.$/, "!"))).toEqual([302, "access: login"]);
    expect(await by("media.example.org/", japan)).toEqual([403, "custom rule rempart_countries"]);
    const rules = stage.emulator.zone.rulesets.get("http_request_firewall_custom");
    stage.emulator.zone.rulesets.delete("http_request_firewall_custom");
    expect(await by("media.example.org/", japan)).toEqual([403, "access: denied"]);
    stage.emulator.zone.rulesets.set("http_request_firewall_custom", rules);
    stage.pass(24 * 3600);
    expect(await by("media.example.org/")).toEqual([302, "access: login"]);
  });

  it("is asked for once: the team's own session opens what else the address may see, and nothing more", async () => {
    const opened = async (email: string): Promise<Got> => {
      const { team } = await stage.logIn(email);
      const toLogin = await stage.ask("git.example.org/");
      return stage.ask(toLogin.headers.location ?? "", { headers: { cookie: team } });
    };
    const back = await opened("ada@example.org");
    expect(back.headers.location).toMatch(/^https:\/\/git\.example\.org\/cdn-cgi\/access\/authorized\?word=/);
    const entered = await stage.ask(back.headers.location ?? "");
    expect(entered.headers["set-cookie"]?.[0]).toContain("Max-Age=43200");
    expect([(await opened("bob@example.org")).status, stage.last?.by]).toEqual([403, "access: denied"]);
  });

  it("sends nobody elsewhere", async () => {
    const login = await stage.ask("home.cloudflareaccess.com/cdn-cgi/access/login/media.example.org?redirect_url=//evil.example/");
    expect(login.body).toContain('name="redirect_url" value="/"');
    expect((await stage.ask("home.cloudflareaccess.com/cdn-cgi/access/login/evil.example")).status).toBe(404);
    expect((await stage.ask("media.example.org/cdn-cgi/access/authorized?word=guess")).status).toBe(403);
  });
});
