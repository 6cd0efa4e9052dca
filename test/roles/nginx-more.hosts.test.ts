import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Rempart, type Told } from "./rempart.ts";
import { type Asked, askTls } from "./tls-client.ts";
import { expectTruth } from "./truth.ts";

const name = "media.example.org";
const part = ["--tags", "nginx"];
const apart = (told: Told) => [...new Set(told.changes.filter((c) => !/Reload nginx|Try nginx/.test(c)))];
// Packages of half a hundred MB come from the mirror: one release, unless both are asked for.
const releases = process.env.REMPART_TEST_SLOW ? (["trixie", "bookworm"] as const) : (["trixie"] as const);

describe.each(releases)("nginx with an ACME server, a filter and an upgrade on %s", (release) => {
  let host: TestHost;
  let plain: Rempart;
  let rempart: Rempart;
  let application: Server;

  beforeAll(async () => {
    host = await startHost({ release, name: "proliant" });
    const controller = host.address.replace(/\d+$/, "1");
    application = createServer((asked, answer) => {
      asked.resume();
      asked.on("end", () => answer.end("served"));
    });
    await new Promise<void>((resolve) => application.listen(0, controller, resolve));
    const { port } = application.address() as AddressInfo;
    plain = new Rempart("playbooks/proliant.yml", [host], {
      nginx: { apps: [{ name: "media", host: name, upstream: `${controller}:${port}` }] },
    });
    await host.out(pebble);
    rempart = plain.with({
      nginx: {
        tls: { acme: { email: "ada@example.org", directory: "https://localhost:14000/dir", ca: "/root/pebble/cert.pem" } },
        waf: { mode: "detect" },
      },
    });
  });
  afterAll(async () => {
    application.close();
    await host.stop();
  });

  const ask = (path: string, asked: Asked = {}) => askTls(host.address, name, path, asked);
  const serial = () =>
    host.out(
      `echo | timeout 20 openssl s_client -connect 127.0.0.1:443 -servername ${name} 2>/dev/null | openssl x509 -noout -serial -issuer -ext subjectAltName`,
    );

  test("a certificate comes from the ACME server in the first run, as its check said, and a rerun asks for none", async () => {
    const check = await rempart.run(...part, "--check");
    expectTruth(`nginx with an ACME server and a filter on ${release}`, check, await rempart.run(...part));
    expect(await serial()).toMatch(/Pebble Intermediate CA[\s\S]*DNS:media.example.org/);
    expect((await ask("/")).status).toBe(200);
    const again = await rempart.run(...part);
    expect(again.exitCode, again.trouble).toBe(0);
    expect(again.changes).toEqual([]);
  });

  test("a renewal by Debian's own service reaches nginx", async () => {
    const before = await serial();
    // Due: pebble's certificates last five years.
    await host.out(`sed -i '1i renew_before_expiry = 3000 days' /etc/letsencrypt/renewal/rempart-public.conf`);
    await host.out("timeout 120 systemctl start certbot.service || { journalctl -u certbot --no-pager; exit 1; }; sleep 1");
    expect(await serial()).not.toBe(before);
    expect(await host.out("systemctl is-active certbot.timer")).toBe("active");
  });

  test("a missing hook and a name that the certificate lacks are named by a check, and put right", async () => {
    await host.out(
      "rm /etc/letsencrypt/renewal-hooks/deploy/rempart-nginx && systemctl disable -q --now certbot.timer && sed -i 's/DetectionOnly/Off/' /etc/nginx/rempart/waf.conf",
    );
    const wider = rempart.with({
      nginx: {
        apps: [
          { name: "media", host: name, upstream: "127.0.0.1:1" },
          { name: "notes", host: "notes.example.org", upstream: "127.0.0.1:1" },
        ],
      },
    });
    const check = apart(await wider.run(...part, "--check"));
    for (const task of [
      "Say what the filter does",
      "Tell nginx of a renewed certificate",
      "Get the certificate (public)",
      "Renew it in time",
    ])
      expect(check).toContain(`nginx : ${task}`);
    const done = await wider.run(...part);
    expect(done.exitCode, done.trouble).toBe(0);
    expect(await serial()).toContain("DNS:notes.example.org");
    expect((await rempart.run(...part)).exitCode).toBe(0);
  });

  describe("with the filter", () => {
    const attack = "/Items?Ids=1%27%20UNION%20SELECT%20password%20FROM%20users--%20";
    test("it only writes what it saw while it detects", async () => {
      expect((await ask(attack)).status).toBe(200);
      expect(Number(await host.out("grep -c 'id:\\|\\[id' /var/log/nginx/modsec_audit.log; true"))).toBeGreaterThan(0);
    });

    test("attacks are refused while it blocks, and what Jellyfin's clients do passes", async () => {
      rempart = rempart.with({ nginx: { waf: { mode: "block" } } });
      const done = await rempart.run(...part);
      expect(done.exitCode, done.trouble).toBe(0);
      for (const path of [attack, "/web/?file=../../../../etc/passwd", "/Items?x=%3Cscript%3Ealert(1)%3C/script%3E"])
        expect((await ask(path)).status, path).toBe(403);
      const token =
        'MediaBrowser Client="Jellyfin Web", Device="Firefox", DeviceId="TW96aWxsYS81LjA=", Version="10.11.0", Token="0123456789abcdef"';
      const headers = { Authorization: token, "User-Agent": "Mozilla/5.0", Accept: "application/json" };
      const json = { ...headers, "Content-Type": "application/json" };
      const usual: readonly [string, string, Asked, string?][] = [
        ["GET", "/web/config.json", { headers }],
        ["GET", "/Items?searchTerm=Drop%20Dead%20Fred%20select%20all&Recursive=true&Fields=PrimaryImageAspectRatio,CanDelete", { headers }],
        ["DELETE", "/Items/0123456789abcdef0123456789abcdef", { headers }],
        ["POST", "/Users/AuthenticateByName", { headers: json }, `{"Username":"o'neil","Pw":"' OR 1=1; DROP TABLE users--"}`],
        ["POST", "/Items/0123456789abcdef/PlaybackInfo?userId=1", { headers: json }, playback],
        ["GET", "/Videos/1/stream.mp4?Static=true&api_key=0123&Tag=ab", { headers: { ...headers, Range: "bytes=0-" } }],
      ];
      for (const [method, path, asked, body] of usual)
        expect((await ask(path, { ...asked, method, ...(body && { body }) })).status, path).toBe(200);
      const log = await host.out("cat /var/log/nginx/modsec_audit.log");
      expect(log).not.toContain("0123456789abcdef0123");
      expect((await rempart.run(...part)).changes).toEqual([]);
    });
  });

  describe("upgraded", () => {
    const version = () => host.out("dpkg -s nginx | sed -n 's/^Version: //p'");
    const offer = (number: string, program: string) => host.out(`sh -ceu '${repository}' sh ${number} '${program}'`);

    test("a run without the tag never upgrades, and one with it does, once", async () => {
      await offer("98", "");
      expect((await rempart.run(...part)).changes).toEqual([]);
      const done = await rempart.run("--tags", "upgrade");
      expect(done.exitCode, done.trouble).toBe(0);
      expect(await version()).toBe("98");
      expect((await ask("/")).status).toBe(200);
      expect(await host.out("ls /var/backups/rempart-nginx-*/etc.tar.gz | wc -l")).toBe("1");
    });

    test("a version that does not answer is taken back, with the settings", async () => {
      await offer("99", "exit 1");
      const done = await rempart.run("--tags", "upgrade");
      expect(done.exitCode).toBe(1);
      expect(done.trouble).toContain("the packages and settings of before are back");
      expect(await version()).toBe("98");
      expect((await ask("/")).status).toBe(200);
      expect((await rempart.run(...part)).changes).toEqual([]);
    });
  });
});

/** What a player says of itself, shortened. */
const playback = JSON.stringify({
  DeviceProfile: {
    MaxStreamingBitrate: 120000000,
    DirectPlayProfiles: [{ Container: "mp4,m4v", Type: "Video", VideoCodec: "h264,hevc", AudioCodec: "aac,mp3,ac3" }],
    CodecProfiles: [
      { Type: "Video", Codec: "h264", Conditions: [{ Condition: "EqualsAny", Property: "VideoProfile", Value: "high|main|baseline" }] },
    ],
    SubtitleProfiles: [{ Format: "vtt", Method: "External" }],
  },
});

/** Debian's ACME server for tests, which believes every name to be this host. */
const pebble = `
apt-get install -qq -y --no-install-recommends pebble openssl >/dev/null 2>&1
mkdir -p /root/pebble && cd /root/pebble
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem 2>/dev/null
echo '{"pebble":{"listenAddress":"127.0.0.1:14000","managementListenAddress":"127.0.0.1:15000","certificate":"cert.pem","privateKey":"key.pem","httpPort":80,"tlsPort":443,"ocspResponderURL":"","externalAccountBindingRequired":false}}' > config.json
if pebble-challtestsrv -h 2>&1 | grep -q -e '-doh '; then set -- -doh ''; fi
systemd-run -q --unit=names pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 '' -http01 '' -https01 '' -tlsalpn01 '' "$@"
systemd-run -q --unit=pebble --working-directory=/root/pebble --setenv=PEBBLE_VA_NOSLEEP=1 pebble -config config.json -dnsserver 127.0.0.1:8053
sleep 1; systemctl is-active names pebble
`;

/** A repository with nginx in the version $1, whose program does $2, or what it did. */
const repository = `
rm -rf /srv/new && mkdir -p /srv/new /srv/repository && cd /srv/new
apt-get download -qq -o APT::Sandbox::User=root "nginx=$(dpkg -s nginx-common | sed -n "s/^Version: //p")"
dpkg-deb -R nginx_*.deb tree
sed -i "s/^Version: .*/Version: $1/" tree/DEBIAN/control
[ -z "$2" ] || { printf "#!/bin/sh\\n%s\\n" "$2" > tree/usr/sbin/nginx; }
rm -f tree/DEBIAN/md5sums
dpkg-deb -Znone -b tree "/srv/repository/nginx-$1.deb" >/dev/null
cd /srv/repository
{ cat /srv/new/tree/DEBIAN/control; echo "Filename: ./nginx-$1.deb"; echo "Size: $(stat -c %s "nginx-$1.deb")"; echo "SHA256: $(sha256sum "nginx-$1.deb" | cut -d" " -f1)"; echo; } >> Packages
echo "deb [trusted=yes] file:/srv/repository ./" > /etc/apt/sources.list.d/new.list
apt-get update -qq
`;
