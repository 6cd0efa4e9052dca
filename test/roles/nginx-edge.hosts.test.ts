import { mkdtempSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Rempart, type Told } from "./rempart.ts";
import { type Asked, askPlain, askTls } from "./tls-client.ts";
import { expectTruth } from "./truth.ts";

const name = "media.example.org";
const notes = "notes.example.org";
const lanName = "media.home.example.org";
const part = ["--tags", "nginx"];
const apart = (told: Told) => [...new Set(told.changes.filter((c) => !/Reload nginx|Try nginx|Start fail2ban/.test(c)))];

describe.each(["trixie", "bookworm"] as const)("nginx behind an edge on %s", (release) => {
  let host: TestHost;
  let rempart: Rempart;
  let application: Server;
  let lists: TlsServer;
  let ranges = "";
  let edge: string;
  let options: { readonly [key: string]: unknown };
  let folder: string;
  let said: string;
  let check: Told;
  let first: Told;
  const pem = (file: string) => readFileSync(join(folder, file), "utf8");

  beforeAll(async () => {
    host = await startHost({ release, name: "proliant" });
    // This machine is the edge; the host itself is its own LAN.
    edge = host.address.replace(/\d+$/, "1");
    folder = mkdtempSync(join(tmpdir(), "rempart-edge-"));
    await $({ cwd: folder, quiet: true })`sh -ceu ${certificates} sh ${edge}`;
    application = createServer((asked, answer) => answer.end(JSON.stringify(asked.headers)));
    lists = createTlsServer({ key: pem("lists.key"), cert: pem("lists.crt") }, (_asked, answer) => answer.end(ranges));
    await new Promise<void>((resolve) => application.listen(0, edge, resolve));
    await new Promise<void>((resolve) => lists.listen(0, edge, resolve));
    const port = (server: Server | TlsServer) => (server.address() as AddressInfo).port;
    options = {
      apps: [
        {
          name: "media",
          host: name,
          upstream: `${edge}:${port(application)}`,
          lan_host: lanName,
          access: { admin_paths: ["/admin"], admin: "lan" },
        },
        { name: "notes", host: notes, upstream: `${edge}:${port(application)}`, profile: "plain", access: { admin_paths: ["/admin"] } },
      ],
      admins: [
        { name: "ada", password: "open-sesame-7" },
        { name: "eve", state: "absent" },
      ],
      tls: { certificate_text: pem("lists.crt"), key_text: pem("lists.key") },
      lan: { networks: [`${host.address}/32`], tls: { own_ca: true } },
      edge: {
        enabled: true,
        ranges: [`${edge}/32`, "192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32"],
        urls: [`https://${edge}:${port(lists)}/`],
      },
      origin_pulls: { verify: "optional", ca: pem("ca.crt") },
      jail: { enabled: true, retries: 4 },
    };
    rempart = new Rempart("playbooks/proliant.yml", [host], { nginx: options });
    check = await rempart.run(...part, "--check");
    first = await rempart.run(...part, "--diff");
    expect(first.exitCode, first.trouble).toBe(0);
    said = JSON.stringify(first.tasks);
    await host.out(`cat > /usr/local/share/ca-certificates/lists.crt <<'END'\n${pem("ca.crt")}END\nupdate-ca-certificates >/dev/null 2>&1`);
  });
  afterAll(async () => {
    application.close();
    lists.close();
    await host.stop();
  });

  const ask = (path: string, asked: Asked = {}) => askTls(host.address, name, path, asked);
  const shown = (who: string) => ({ cert: pem(`${who}.crt`), key: pem(`${who}.key`) });
  /** The host as a machine of the LAN: status and body. */
  const fromLan = (url: string, more = "") =>
    host.out(
      `timeout 20 curl -s -o /tmp/body -w '%{http_code}' --cacert /etc/ssl/rempart-ca.crt --resolve '*:443:${host.address}' --resolve '*:80:${host.address}' ${more} '${url}'; echo " $?"; cat /tmp/body 2>/dev/null; rm -f /tmp/body`,
    );

  test("what the check of the bare host said came true, and a rerun changes nothing", async () => {
    expectTruth(`nginx behind an edge on ${release}`, check, first);
    const again = await rempart.run(...part);
    expect(again.exitCode, again.trouble).toBe(0);
    expect(again.changes).toEqual([]);
  });

  test("a certificate is given as text, and its key is nobody's but root's", async () => {
    expect(await host.out("stat -c '%a %U' /etc/nginx/rempart/public.key")).toBe("600 root");
    expect(said).not.toContain(pem("lists.key").split("\n")[1]);
    expect((await ask("/")).subject).toBe("lists");
  });

  test("the edge comes in and names the visitor; whoever is not the edge gets no byte, even with the right name", async () => {
    const answer = await ask("/", { headers: { "CF-Connecting-IP": "203.0.113.9" } });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ "x-forwarded-for": "203.0.113.9", "x-real-ip": "203.0.113.9" });
    expect(await fromLan(`https://${name}/`, "-k")).toMatch(/^000 (52|56|92)$/);
    expect(await host.out('tail -n 1 /var/log/nginx/security.log | grep -c \'"status":"444"\'')).toBe("1");
    expect(await fromLan(`http://${name}/`)).toMatch(/^000 (52|56)$/);
    expect(await fromLan(`http://${lanName}/`)).toMatch(/^301 0/);
  });

  test("the LAN has its own name, and a certificate that devices can trust", async () => {
    expect(await fromLan(`https://${lanName}/`)).toMatch(/^200 0\n.*"x-forwarded-for":"/);
    expect(await fromLan(`https://${lanName}/admin`)).toMatch(/^200 0/);
    expect(await fromLan(`https://${lanName}/startup`)).toMatch(/^200 0/);
    await expect(ask("/", { servername: lanName, host: lanName })).rejects.toThrow(/hang up|reset/i);
  });

  test("a visitor behind the edge is not of the LAN, whatever address he has", async () => {
    expect((await ask("/admin", { headers: { "CF-Connecting-IP": host.address } })).status).toBe(403);
    expect((await ask("/startup", { headers: { "CF-Connecting-IP": host.address } })).status).toBe(403);
    const asked = {
      headers: { "CF-Connecting-IP": host.address, Authorization: `Basic ${Buffer.from("ada:open-sesame-7").toString("base64")}` },
    };
    expect((await askTls(host.address, notes, "/admin", asked)).status).toBe(403);
    expect((await askTls(host.address, notes, "/", asked)).status).toBe(200);
  });

  test("a certificate of the edge is seen in the log before it is required", async () => {
    expect((await ask("/seen", shown("edge"))).status).toBe(200);
    expect((await ask("/unseen")).status).toBe(200);
    const log = await host.out("grep -h seen /var/log/nginx/security.log");
    const seen = log.split("\n").map((line) => JSON.parse(line) as Record<string, string>);
    expect(seen.map((line) => [line.path, line.client_certificate])).toEqual([
      ["/seen", "SUCCESS"],
      ["/unseen", "NONE"],
    ]);
  });

  test("once it is required there is 400 without it and with a stranger's, and the LAN still needs none", async () => {
    rempart = rempart.with({ nginx: { ...options, origin_pulls: { verify: "required", ca: pem("ca.crt") } } });
    const done = await rempart.run(...part);
    expect(done.exitCode, done.trouble).toBe(0);
    expect(apart(done)).toEqual(["nginx : Write the servers"]);
    expect((await ask("/", shown("edge"))).status).toBe(200);
    expect((await ask("/")).status).toBe(400);
    expect((await ask("/", shown("stranger"))).status).toBe(400);
    expect(await fromLan(`https://${lanName}/`)).toMatch(/^200 0/);
    // The handshake of one name does not open the other.
    expect(await fromLan(`https://${lanName}/`, `-H 'Host: ${name}'`)).toMatch(/^(421|400|000) /);
  });

  test("who goes on after the limit is banned by fail2ban, alone, and let in when the ban ends", async () => {
    const visit = async (visitor: string, path = "/") =>
      (await ask(path, { ...shown("edge"), headers: { "CF-Connecting-IP": visitor } })).status;
    const becomes = (status: number) => expect.poll(() => visit("203.0.113.66"), { timeout: 60_000, interval: 500 }).toBe(status);
    for (let i = 0; i < 9; i++) await visit("203.0.113.66", "/Users/AuthenticateByName");
    await becomes(403);
    expect(await visit("203.0.113.67")).toBe(200);
    expect((await rempart.run(...part)).changes).toEqual([]);
    await host.out("fail2ban-client unban 203.0.113.66");
    await becomes(200);
  });

  test("the ranges are refreshed by the timer's service, and never by a list that is empty, odd or much shorter", async () => {
    const count = () => host.out("grep -c 1 /etc/nginx/rempart/edge-geo.conf");
    const refresh = () => host.exec("systemctl reset-failed rempart-nginx-edge.service; systemctl start rempart-nginx-edge.service");
    const before = await count();
    for (const bad of [
      "",
      "<html>please wait</html>\n",
      `${edge}/32\n`,
      `${edge}/32\n0.0.0.0/0\n192.0.2.0/24\n198.51.100.0/24\n`,
      `${edge}/32\n192.0.2.0/24\n198.51.100.0/24\n300.1.2.0/24\n`,
    ]) {
      ranges = bad;
      expect((await refresh()).exitCode, bad).not.toBe(0);
      expect(await count(), bad).toBe(before);
    }
    ranges = `${edge}/32\r\n192.0.2.0/24\n198.51.100.0/24\n2001:db8::/32\n203.0.113.0/24`;
    const good = await refresh();
    expect(good.exitCode, await host.out("journalctl -u rempart-nginx-edge --no-pager | tail")).toBe(0);
    expect(await count()).toBe("5");
    expect((await ask("/", shown("edge"))).status).toBe(200);
    expect(await host.out("systemctl is-active rempart-nginx-edge.timer")).toBe("active");
    const again = await rempart.run(...part);
    expect(again.changes).toEqual([]);
  });

  test("each part broken by hand is named by a check, alone, and put back by a run", async () => {
    const broken = [
      "echo '0.0.0.0/0 1;' >> /etc/nginx/rempart/edge-geo.conf",
      "echo 0.0.0.0/0 >> /etc/nginx/rempart/edge.pinned",
      "echo '# x' >> /usr/local/sbin/rempart-nginx-edge",
      "systemctl stop rempart-nginx-edge.timer",
      "sed -i 's/ssl_verify_client on/ssl_verify_client off/' /etc/nginx/sites-available/rempart",
      `cp /etc/ssl/rempart-ca.crt /etc/nginx/rempart/origin-pulls.crt`,
      "rm /etc/nginx/rempart/lan.crt",
      "chmod 644 /etc/nginx/rempart/lan.key",
      "echo eve:x >> /etc/nginx/rempart/admins.htpasswd",
      "sed -i 's/enabled = true/enabled = false/' /etc/fail2ban/jail.d/rempart-nginx.local",
      "systemctl disable -q fail2ban",
    ];
    await host.out(broken.join(" && "));
    const named = [
      "Hold the edge's ranges as they were known",
      "Hold the program that keeps them",
      "Let in the edge's ranges alone",
      "Ask for the edge's ranges once a day",
      "Make a key (lan)",
      "Sign it by this host's authority (lan)",
      "Know who signs the edge's client certificate",
      "Forget administrators who left",
      "Write the servers",
      "Set up the jail for visitors who reach the limit",
      "Run fail2ban, now and after each boot",
    ].map((task) => `nginx : ${task}`);
    expect(apart(await rempart.run(...part, "--check"))).toEqual(named);
    const repair = await rempart.run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(apart(repair)).toEqual(named);
    expect((await ask("/")).status).toBe(400);
    expect((await rempart.run(...part)).changes).toEqual([]);
  });

  test("state: absent takes away what the role made, and nginx goes on", async () => {
    const gone = rempart.with({ nginx: { ...options, state: "absent" } });
    const done = await gone.run(...part);
    expect(done.exitCode, done.trouble).toBe(0);
    expect(
      await host.out("find /etc/nginx /etc/fail2ban /etc/systemd /usr/local/sbin /var/lib/rempart* -path '*rempart*' 2>/dev/null; true"),
    ).toBe("");
    expect(await host.out("systemctl is-active nginx && nginx -t -q && echo fine")).toBe("active\nfine");
    expect(await askPlain(host.address, "GET / HTTP/1.0\r\n\r\n")).toMatch(/ECONNREFUSED/);
    expect((await gone.run(...part)).changes).toEqual([]);
  });
});

/** An authority with a client (the edge) and a server (the lists, at the address $1), and a stranger with his own. */
const certificates = `
new="openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9"
$new -subj /CN=authority -keyout ca.key -out ca.crt
$new -subj /CN=stranger -keyout stranger.key -out stranger.crt
sign() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
  printf '%s\n' "$2" > ext
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 9 -extfile ext -out "$1.crt"
}
sign edge extendedKeyUsage=clientAuth
sign lists "subjectAltName=IP:$1,DNS:media.example.org"
`;
