import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { type Asked, askPlain, askTls, handshake } from "./tls-client.ts";
import { expectTruth } from "./truth.ts";

const name = "media.example.org";
const notes = "notes.example.org";
const part = ["--tags", "nginx"];

describe.each(["trixie", "bookworm"] as const)("nginx on %s", (release) => {
  let host: TestHost;
  let rempart: Rempart;
  let check: Told;
  let application: Server;
  let controller: string;
  beforeAll(async () => {
    host = await startHost({ release, name: "proliant" });
    controller = host.address.replace(/\d+$/, "1");
    application = createServer((asked, answer) => {
      answer.setHeader("Content-Type", "application/json");
      setTimeout(() => answer.end(JSON.stringify(asked.headers)), asked.url === "/slow" ? 4000 : 0);
    });
    await new Promise<void>((resolve) => application.listen(0, controller, resolve));
    const { port } = application.address() as AddressInfo;
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      nginx: {
        apps: [
          { name: "media", host: name, upstream: `${controller}:${port}` },
          {
            name: "notes",
            host: notes,
            upstream: `${controller}:${port}`,
            profile: "plain",
            access: { admin_paths: ["/admin", "/a.b"], admin: "password" },
            limits: { login_paths: ["/Sign-In"] },
          },
        ],
        admins: [{ name: "ada", password: "open-sesame-7" }],
        banned: ["198.51.100.0/24"],
        tls: { self_signed: true },
      },
    });
  });
  afterAll(async () => {
    application.close();
    await host.stop();
  });

  const ask = (path: string, options: Asked = {}) => askTls(host.address, name, path, options);

  test("a check of the bare host passes and changes nothing", async () => {
    const before = await fingerprint(host);
    check = await rempart.run(...part, "--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(await fingerprint(host)).toBe(before);
  });

  test("the first run does what the check said and converges, the second changes nothing and costs a handful of round trips", async () => {
    const first = await rempart.run(...part);
    expectTruth(`nginx on ${release}`, check, first);
    const second = await rempart.run(...part);
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
    expect(second.recap().roundTrips).toBeLessThanOrEqual(4);
  });

  test("the right name is answered over TLS, with the headers, and plain HTTP is sent there", async () => {
    const answer = await ask("/");
    expect(answer.status).toBe(200);
    expect(answer.headers["strict-transport-security"]).toBe("max-age=63072000");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(answer.headers.server).toBe("nginx");
    expect(await askPlain(host.address, `GET /web HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 301 [\s\S]*Location: https:\/\/media\.example\.org\/web\r\n/,
    );
  });

  test("any other name gets nothing: no bytes over HTTP, an alert in place of a certificate over TLS", async () => {
    expect(await askPlain(host.address, "GET / HTTP/1.1\r\nHost: other.example.org\r\n\r\n")).toBe("");
    expect(await askPlain(host.address, `GET / HTTP/1.0\r\n\r\n`)).toBe("");
    await expect(ask("/", { servername: "other.example.org" })).rejects.toThrow(/unrecognized.name/i);
    await expect(ask("/", { servername: "" })).rejects.toThrow(/unrecognized.name/i);
    await expect(ask("/", { host: "other.example.org" })).rejects.toThrow(/hang up|reset/i);
  });

  test("TLS 1.1 is refused, TLS 1.2 and 1.3 and HTTP/2 are spoken", async () => {
    expect(await handshake(host.address, name, "TLSv1.1")).toMatch(/version|protocol|unsupported|alert/i);
    expect(await handshake(host.address, name, "TLSv1.2")).toBe("TLSv1.2 h2");
    expect(await handshake(host.address, name, "TLSv1.3")).toBe("TLSv1.3 h2");
  });

  test("the application is told the visitor's own address, whatever the visitor claims", async () => {
    const { body } = await ask("/", {
      headers: {
        "X-Forwarded-For": "203.0.113.9",
        "CF-Connecting-IP": "203.0.113.9",
        Forwarded: "for=203.0.113.9",
        "X-Remote-User": "admin",
      },
    });
    const seen = JSON.parse(body) as Record<string, string>;
    expect(seen).toMatchObject({ host: name, "x-real-ip": controller, "x-forwarded-for": controller, "x-forwarded-proto": "https" });
    expect(seen).not.toHaveProperty("forwarded");
    expect(seen).not.toHaveProperty("x-remote-user");
  });

  test("a websocket is passed on", async () => {
    const seen = JSON.parse((await ask("/socket", { headers: { Connection: "Upgrade", Upgrade: "websocket" } })).body) as Record<
      string,
      string
    >;
    expect(seen).toMatchObject({ upgrade: "websocket", connection: "upgrade" });
  });

  test("logging in is limited, however the path is spelt, and nothing else is", async () => {
    const spellings = [
      "/Users/AuthenticateByName",
      "/users/authenticatebyname/",
      "/emby/Users/AuthenticateByName?x=1",
      "/users//%61uthenticatebyname",
    ];
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push((await ask(spellings[i % 4] ?? "", { method: "POST" })).status);
    expect(answers).toEqual([200, 200, 200, 200, 429, 429, 429, 429]);
    for (let i = 0; i < 8; i++) expect((await ask("/Items")).status).toBe(200);
    expect(await host.out("grep -c 'limiting requests, excess' /var/log/nginx/error.log")).toBe("4");
    expect(await host.out("grep -c '\\[error\\].*limiting requests' /var/log/nginx/error.log")).toBe("4");
  });

  test("an administrator's path asks for the password, and the application is told the name and not the password", async () => {
    const admin = (path: string, said?: string) =>
      askTls(host.address, notes, path, {
        headers: { "X-Remote-User": "eve", ...(said && { Authorization: `Basic ${Buffer.from(said).toString("base64")}` }) },
      });
    const refused = await admin("/admin");
    expect(refused.status).toBe(401);
    expect(refused.headers["strict-transport-security"]).toBe("max-age=63072000");
    for (const path of ["/ADMIN/users", "//admin", "/%61dmin", "/a.b"]) expect((await admin(path)).status).toBe(401);
    expect((await admin("/admin", "ada:wrong")).status).toBe(401);
    const welcome = await admin("/admin", "ada:open-sesame-7");
    expect(welcome.status).toBe(200);
    expect(JSON.parse(welcome.body)).toMatchObject({ "x-remote-user": "ada" });
    expect(JSON.parse(welcome.body)).not.toHaveProperty("authorization");
    const elsewhere = JSON.parse((await admin("/aXb", "ada:wrong")).body) as Record<string, string>;
    expect(elsewhere).toHaveProperty("authorization");
    expect(elsewhere).not.toHaveProperty("x-remote-user");
    expect(await host.out("stat -c '%a %U %G' /etc/nginx/rempart/admins.htpasswd")).toBe("640 root www-data");
    const answers = [];
    for (let i = 0; i < 5; i++) answers.push((await askTls(host.address, notes, "/sign-in/now", { method: "POST" })).status);
    expect(answers).toEqual([200, 200, 200, 200, 429]);
  });

  test("what Jellyfin shows to nobody is refused, and what is for the LAN is refused outside of it", async () => {
    for (const path of [
      "/metrics",
      "/Metrics",
      "//emby/metrics/",
      "/Startup/User?x=1",
      "/web/ConfigurationPage?name=x",
      "/api-docs/swagger",
    ])
      expect((await ask(path)).status, path).toBe(403);
    expect((await askTls(host.address, notes, "/metrics")).status).toBe(200);
  });

  test("the log is JSON, whatever a visitor sends, and holds no query", async () => {
    await ask("/Items/7?api_key=sesame-open", { headers: { "User-Agent": 'a "quoted" \\ agent \u00e9' } });
    await askPlain(host.address, "\x16\x03 rubbish\r\n\r\n");
    const log = await host.out("cat /var/log/nginx/security.log");
    const lines = log.split("\n").map((line) => JSON.parse(line) as Record<string, string>);
    const line = lines.find((one) => one.path === "/Items/7");
    expect(line).toMatchObject({ client: controller, status: "200", method: "GET", host: name });
    expect(line?.user_agent).toContain('a "quoted" \\ agent');
    expect(lines.filter((one) => one.status === "429").length).toBe(5);
    expect(log).not.toContain("sesame");
    await host.out("logrotate -f /etc/logrotate.d/nginx");
    await ask("/after");
    expect(await host.out("grep -c after /var/log/nginx/security.log; grep -c Items /var/log/nginx/security.log.1")).toMatch(/^1\n[1-9]/);
    expect(await host.out("grep -c sesame /var/log/nginx/access.log* /var/log/nginx/security.log*; true")).not.toMatch(/:[1-9]/);
  });

  test("only trusted proxies are believed about the visitor, and each visitor has limits of his own", async () => {
    const behind = rempart.with({ nginx: { trusted_proxies: [controller], limits: { rate: "1r/m", burst: 7, connections: 2 } } });
    const done = await behind.run(...part);
    expect(done.exitCode, done.trouble).toBe(0);
    const seen = JSON.parse((await ask("/", { headers: { "CF-Connecting-IP": "203.0.113.9" } })).body) as Record<string, string>;
    expect(seen["x-forwarded-for"]).toBe("203.0.113.9");
    const answers = [];
    for (const visitor of ["203.0.113.20", "203.0.113.20", "203.0.113.20", "203.0.113.20", "203.0.113.20", "203.0.113.21"]) {
      answers.push((await ask("/Users/AuthenticateByName", { method: "POST", headers: { "CF-Connecting-IP": visitor } })).status);
    }
    expect(answers).toEqual([200, 200, 200, 200, 429, 200]);
    const visit = async (visitor: string, path: string) => (await ask(path, { headers: { "CF-Connecting-IP": visitor } })).status;
    const all = [];
    for (let i = 0; i < 10; i++) all.push(await visit("203.0.113.30", "/Items"));
    expect(all).toEqual([...Array<number>(8).fill(200), 429, 429]);
    const together = await Promise.all([1, 2, 3].map(() => visit("203.0.113.40", "/slow")));
    expect(together.filter((status) => status === 429)).toHaveLength(1);
    expect(await visit("198.51.100.7", "/Items")).toBe(403);
    expect((await rempart.run(...part)).exitCode).toBe(0);
  });

  test("each part broken by hand is named by a check, alone, and put back by a run", async () => {
    const broken = {
      "Make the folder for our parts": "chmod 750 /etc/nginx/rempart",
      "Keep a list of those whom fail2ban bans": "rm /etc/nginx/blacklisted-sessions.map",
      "Keep logs as long as is asked, and no longer": "sed -i 's/rotate 90/rotate 5/' /etc/logrotate.d/nginx",
      "Set limits, log and the visitor's address for all servers": "sed -i 's/rate=50r/rate=500r/' /etc/nginx/conf.d/rempart.conf",
      "Set up TLS": "sed -i 's/ssl_protocols TLSv1.2/ssl_protocols TLSv1.1 TLSv1.2/' /etc/nginx/rempart/tls.conf",
      "Set the headers for browsers": "sed -i '/Strict-Transport/d' /etc/nginx/rempart/headers.conf",
      "Say what applications are told":
        "sed -i 's/X-Forwarded-For .*/X-Forwarded-For $proxy_add_x_forwarded_for;/' /etc/nginx/rempart/proxy.conf",
      "Turn Debian's welcome page off": "ln -s ../sites-available/default /etc/nginx/sites-enabled/default",
      "Answer no other name, and nothing without TLS": "sed -i 's/return 444/return 200/' /etc/nginx/sites-available/rempart-plain",
      "Turn that on": "rm /etc/nginx/sites-enabled/rempart-plain",
      "Know the administrators' passwords": "sed -i '/ada:/d' /etc/nginx/rempart/admins.htpasswd",
      "Limit logins of each application": "sed -i 's/rate=5r/rate=500r/' /etc/nginx/conf.d/rempart-apps.conf",
      "Say what each application is": "sed -i '/metrics/d' /etc/nginx/rempart/app-media.conf",
      "Write the servers": "sed -i 's/security.log/other.log/' /etc/nginx/sites-available/rempart",
      "Turn them on": "rm /etc/nginx/sites-enabled/rempart",
      "Run nginx, now and after each boot": "systemctl disable -q nginx",
    };
    await host.out(Object.values(broken).join(" && "));
    const check = await rempart.run(...part, "--check");
    const named = Object.keys(broken).map((task) => `nginx : ${task}`);
    const tasks = (told: Told) => [...new Set(told.changes.filter((c) => !/Reload nginx|Try nginx/.test(c)))];
    expect(tasks(check)).toEqual(named);
    const repair = await rempart.run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(tasks(repair)).toEqual(named);
    expect(await askPlain(host.address, "GET / HTTP/1.1\r\nHost: other.example.org\r\n\r\n")).toBe("");
    expect((await ask("/metrics")).status).toBe(403);
    expect((await rempart.run(...part)).changes).toEqual([]);
  });

  test("a configuration that nginx refuses never takes its place, and nginx goes on", async () => {
    const before = await host.out("sha256sum /etc/nginx/conf.d/rempart.conf");
    const broken = await rempart.with({ nginx: { banned: ["300.1.1.1"] } }).run(...part);
    expect(broken.exitCode).toBe(1);
    expect(broken.trouble).toMatch(/invalid network|invalid parameter/i);
    expect(await host.out("sha256sum /etc/nginx/conf.d/rempart.conf")).toBe(before);
    expect((await ask("/")).status).toBe(200);
  });
});
