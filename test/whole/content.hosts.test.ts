import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestHost } from "../hosts/attached.ts";
import { sharedHost } from "../hosts/shared.ts";
import { Bench, type Ended } from "./bench.ts";

const password = `word-${randomBytes(9).toString("hex")}`;
const lab = `/srv/content-${randomBytes(6).toString("hex")}`;
const network = `<?xml version="1.0" encoding="utf-8"?>
<NetworkConfiguration xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <BaseUrl />
  <KnownProxies />
</NetworkConfiguration>
`;

/** What is inside files, keys and certificates, in a folder that is not there yet. */
const playbook = [
  {
    hosts: "all",
    become: true,
    gather_facts: false,
    tasks: [
      { name: "Folder", file: { path: lab, state: "directory", mode: "0755" } },
      { name: "INI", ini_file: { path: `${lab}/a.ini`, section: "web", option: "port", value: 8096 } },
      { name: "JSON", json_patch: { path: `${lab}/a.json`, create: true, values: { dns: ["192.0.2.1"], log: { size: "10m" } } } },
      { name: "Template", copy: { dest: `${lab}/network.xml`, content: network, force: false } },
      {
        name: "XML",
        xml: { path: `${lab}/network.xml`, xpath: "/NetworkConfiguration/KnownProxies", set_children: [{ string: "172.30.0.0/24" }] },
      },
      {
        name: "Password",
        htpasswd: { path: `${lab}/htpasswd`, name: "alice", password: '{{ secret "env" "TASK_WORD" }}', group: "www-data" },
      },
      { name: "Authority's key", x509_key: { path: `${lab}/ca.key`, type: "ecdsa" } },
      {
        name: "Authority's request",
        x509_csr: {
          path: `${lab}/ca.csr`,
          privatekey_path: `${lab}/ca.key`,
          common_name: "Home CA",
          basic_constraints: ["CA:TRUE"],
          basic_constraints_critical: true,
          key_usage: ["keyCertSign", "cRLSign"],
        },
      },
      {
        name: "Authority",
        x509_certificate: { path: `${lab}/ca.crt`, provider: "selfsigned", csr_path: `${lab}/ca.csr`, privatekey_path: `${lab}/ca.key` },
      },
      { name: "Key", x509_key: { path: `${lab}/web.key`, type: "rsa", size: 2048, group: "www-data", mode: "0640" } },
      {
        name: "Request",
        x509_csr: {
          path: `${lab}/web.csr`,
          privatekey_path: `${lab}/web.key`,
          organization_name: "Élan / Söhne + 1",
          common_name: "media.lan",
          subject_alt_name: ["DNS:media.lan", "IP:192.0.2.10", "IP:2001:db8::10"],
          extended_key_usage: ["serverAuth"],
        },
      },
      {
        name: "Certificate",
        x509_certificate: {
          path: `${lab}/web.crt`,
          provider: "ownca",
          csr_path: `${lab}/web.csr`,
          ownca_path: `${lab}/ca.crt`,
          ownca_privatekey_path: `${lab}/ca.key`,
          ownca_not_after: "+90d",
        },
      },
      { name: "Read", x509_certificate_info: { path: `${lab}/web.crt`, privatekey_path: `${lab}/web.key` }, register: "read" },
      { name: "Told", copy: { dest: `${lab}/told`, content: "{{ read.days_left }} {{ read.key_matches }} {{ read.expired }}" } },
    ],
  },
];

let host: TestHost;
let bench: Bench;

beforeAll(async () => {
  host = await sharedHost("trixie");
  bench = new Bench({ "inventory/hosts.yml": { all: { hosts: { [host.name]: host.variables() } } }, "site.yml": playbook });
});

afterAll(async () => {
  await host.out(`rm -rf ${lab}`);
  bench.remove();
});

const run = (...words: string[]): Promise<Ended> => bench.run(["run", "site.yml", "--output", "json", ...words], { TASK_WORD: password });
const told = (done: Ended): string[] => done.tasks().map((t) => `${t.status} ${t.task}`);

test("a check before anything is there reaches its end and calls nothing ok that the run changes", async () => {
  const done = await run("--check", "--diff");
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  expect(told(done)).toEqual(playbook[0]?.tasks.map((t) => `${t.name === "Read" || t.name === "Told" ? "maybe" : "changed"} ${t.name}`));
  expect(await host.out(`test -e ${lab} || echo nothing`)).toBe("nothing");
});

test("the run makes everything, other programs agree, and no secret is seen", async () => {
  const done = await run("--diff");
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  expect(told(done)).toEqual(playbook[0]?.tasks.map((t) => `${t.name === "Read" ? "ok" : "changed"} ${t.name}`));
  expect(await host.out(`cd ${lab}; stat -c '%n %a %U:%G' *.key htpasswd; ls`)).toBe(
    [
      "ca.key 600 root:root",
      "web.key 640 root:www-data",
      "htpasswd 640 root:www-data",
      ..."a.ini a.json ca.crt ca.csr ca.key htpasswd network.xml told web.crt web.csr web.key".split(" "),
    ].join("\n"),
  );
  expect(
    await host.out(
      `cd ${lab}; openssl verify -CAfile ca.crt web.crt; openssl x509 -in web.crt -noout -checkip 2001:db8::10 -checkhost media.lan`,
    ),
  ).toBe("web.crt: OK\nHostname media.lan does match certificate\nIP 2001:db8::10 does match certificate");
  expect(await host.out(`cat ${lab}/told`)).toMatch(/^(89|90) true false$/);
  expect(await host.out(`cat ${lab}/network.xml`)).toBe(
    network.replace("<KnownProxies />", "<KnownProxies>\n    <string>172.30.0.0/24</string>\n  </KnownProxies>").trimEnd(),
  );
  // libcrypt, which nginx asks, in the words of perl.
  const crypt = `perl -e '($u,$h)=split /:/,<STDIN>; chomp $h; print crypt($ARGV[0],$h) eq $h ? "right" : "wrong"'`;
  expect(await host.out(`${crypt} ${password} <${lab}/htpasswd; ${crypt} other <${lab}/htpasswd`)).toBe("rightwrong");
  expect(done.text).not.toContain(password);
  expect(done.text).not.toContain((await host.out(`cut -d: -f2 ${lab}/htpasswd`)).trim());
});

test.each([[[]], [["--no-lookahead"]], [["--check"]]])("a rerun finds nothing to do: %j", async (words) => {
  const done = await run(...words);
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  expect(told(done).filter((line) => !line.startsWith("ok"))).toEqual([]);
});

test("what moved is found: another key makes request and certificate new, another kind of entry the password", async () => {
  await host.out(
    `cd ${lab}; openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out web.key 2>/dev/null; echo 'alice:{SHA}x' >htpasswd`,
  );
  const done = await run();
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  expect(told(done).filter((line) => !line.startsWith("ok"))).toEqual(["changed Password", "changed Request", "changed Certificate"]);
  expect(await host.out(`cd ${lab}; openssl verify -CAfile ca.crt web.crt; ls -A | grep -c rempart || true`)).toBe("web.crt: OK\n0");
});

test("a planned password is applied as it was planned: its salt is the same in another run", async () => {
  await host.out(`echo 'bob:x' >${lab}/htpasswd`);
  const planned = await bench.run(["plan", "site.yml", "-o", "the.plan"], { TASK_WORD: password });
  expect(planned.text, planned.text).not.toContain(password);
  const applied = await bench.run(["apply", "the.plan", "--output", "json"], { TASK_WORD: password });
  expect(applied.exit, applied.text.slice(0, 3000)).toBe(0);
  expect(told(applied).filter((line) => !line.startsWith("ok"))).toEqual(["changed Password"]);
});
