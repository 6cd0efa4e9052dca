import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { encryptText } from "../../src/inventory/vault.ts";
import { Secret } from "../../src/kernel/value.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench, type Ended } from "./bench.ts";
import { canary, canaryOfLines, foundIn, tracesOf, watchProcesses } from "./canaries.ts";

const vault = canary("vault");
const inBase64 = canary("hidden");
const lines = canaryOfLines();
const environment = canary("environment");
const rotated = canary("rotated");
const key = canaryOfLines();
const hash = `$6$rempartsalt$${canaryOfLines().replaceAll("\n", "").slice(0, 86)}`;
const passphrase = canary("passphrase");
const traces = [vault, inBase64, lines, environment, rotated, key, hash, passphrase].flatMap(tracesOf);

const told = (text: unknown): string => JSON.stringify(text);
const variables = [
  `vault: ${told(vault)}`,
  `in_base64: ${told(Buffer.from(inBase64).toString("base64"))}`,
  `lines: ${told(lines)}`,
  `hash: ${told(hash)}`,
  `many: ${told([vault, lines])}`,
  "",
].join("\n");

const both = '{{ secret "env" "CANARY" }}';
const file = '{{ secret "file" "files/key" }}';
const always = "a test";
const tasks: readonly object[] = [
  { name: "Folder", file: { path: "/srv/kept", state: "directory", mode: "0700" } },
  { name: "Copy", copy: { content: "{{ vault }}", dest: "/srv/kept/copy", mode: "0600" } },
  { name: "Decoded", copy: { content: "{{ b64decode in_base64 }}", dest: "/srv/kept/decoded", mode: "0600" } },
  { name: "Template", template: { src: "all.hbs", dest: "/srv/kept/template", mode: "0600" } },
  { name: "User", user: { name: "keeper", password: "{{ hash }}" } },
  { name: "Line", lineinfile: { path: "/srv/kept/line", line: `token=${both}`, regexp: "^token=", create: true, mode: "0600" } },
  { name: "Block", blockinfile: { path: "/srv/kept/block", block: file, create: true, mode: "0600" } },
  { name: "Standard input", shell: { cmd: "cat >/srv/kept/stdin; sleep 0.4", stdin: both, stdin_add_newline: false, always } },
  { name: "Standard input of a program", command: { cmd: "tee /srv/kept/tee", stdin: "{{ lines }}", always } },
  { name: "In the text of a script", shell: { cmd: "printf %s {{ quote vault }} >/srv/kept/script; sleep 0.4", always } },
  {
    name: "Request",
    uri: {
      url: "http://{{ collector }}/",
      method: "POST",
      headers: { "X-Token": "{{ url_encode vault }}" },
      body: both,
      return_content: true,
    },
  },
  {
    name: "Printed in every form",
    shell: {
      cmd: "cd /srv/kept; cat copy template line block; base64 -w 20 copy; base64 -w 0 block; od -An -tx1 -v copy | tr -d ' \\n'; fold -w 7 script; cat copy >&2",
      always,
    },
    register: "printed",
  },
  { name: "Show what was printed", debug: { var: "printed" } },
  { name: "Show a part of it", debug: { msg: "it said {{ printed.stdout }}" } },
  { name: "Show a secret", debug: { msg: "the secret is {{ vault }}" } },
  { name: "Show a list", debug: { var: "many" } },
  { name: "Keep one", set_fact: { kept: `${both} and {{ upper vault }}` } },
  { name: "Show what was kept", debug: { var: "kept" } },
  {
    name: "Loop",
    copy: { content: "{{ item }}", dest: "/srv/kept/loop-{{ index }}", mode: "0600" },
    loop: "{{ many }}",
    loop_control: { index_var: "index" },
  },
  { name: "Loop that shows", debug: { msg: "{{ item }}" }, loop: ["{{ vault }}", both] },
  { name: "A name with {{ vault }}", debug: { msg: "named" } },
  { name: "Fails", shell: { cmd: "cat /srv/kept/template >&2; base64 /srv/kept/line; exit 3", always }, ignore_errors: true },
  {
    name: "Not valid",
    copy: { content: "{{ lines }}", dest: "/srv/kept/invalid", validate: "sh -c 'cat %s >&2; false'" },
    ignore_errors: true,
  },
  { name: "Does not hold", assert: { that: 'vault == "x"', fail_msg: "it is not" }, ignore_errors: true },
  { name: "Gives up", fail: { msg: "that was all" } },
];

let host: TestHost;
let bench: Bench;
let server: Server;
const requests: { readonly token: string | undefined; readonly body: string }[] = [];

/** Programs that a run starts on the target: each notes its arguments and environment before it becomes the real one. */
const noted =
  "sh env sudo cat chpasswd usermod useradd curl tee mv cp chown chmod mkdir rm ln ls find sha256sum awk sed tr head readlink base64 od fold sleep";
const note = `for name in ${noted}; do
real=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v $name) || continue
printf '#!/bin/sh\\n{ printf "%%s " "$0" "$@"; /usr/bin/tr "\\\\000" " " </proc/$$/environ; echo; } >>/var/lib/noted/log\\nexec %s "$@"\\n' "$real" >/usr/local/bin/$name
chmod 755 /usr/local/bin/$name
done
mkdir -p /var/lib/noted; : >/var/lib/noted/log; chmod 666 /var/lib/noted/log`;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "keeper" });
  await host.out("DEBIAN_FRONTEND=noninteractive apt-get install -y curl");
  server = createServer((request: IncomingMessage, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      requests.push({ token: request.headers["x-token"] as string | undefined, body });
      response.end(`you sent ${body} and ${Buffer.from(body).toString("base64")}`);
    });
  });
  await new Promise<void>((ready) => server.listen(0, "0.0.0.0", ready));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const sealed = await encryptText(variables, { passphrase: new Secret(passphrase) });
  if (!sealed.ok) throw new Error(sealed.why);
  bench = new Bench({
    "inventory/hosts.yml": {
      all: { hosts: { keeper: host.variables() }, vars: { collector: `${host.address.replace(/\d+$/, "1")}:${port}` } },
    },
    "inventory/group_vars/all.yml": sealed.text,
    "files/key": `${key}\n`,
    passphrase: passphrase,
    "templates/all.hbs": `{{ vault }}\n{{ b64 vault }}\n{{ url_encode vault }}\n{{ json lines }}\n{{ lines }}\n${both}\n${file}\n`,
    "site.yml": [{ name: "Secrets", hosts: "all", become: true, tasks }],
  });
  await host.out(note);
});

afterAll(async () => {
  server.close();
  bench.remove();
  await host.stop();
});

const run = (words: readonly string[], now = environment): Promise<Ended> =>
  bench.run(["run", "site.yml", "--vault-passphrase-file", "passphrase", ...words], { CANARY: now });

/** Paths of the target that hold a trace, beside the files that are meant to. */
async function filesOnTarget(folders: string): Promise<string> {
  const asked = $({ quiet: true, nothrow: true, input: `${traces.join("\n")}\n` });
  const done = await asked`docker exec -i ${host.container} sh -c ${`grep -rlaF -f - ${folders} 2>/dev/null`}`;
  return done.stdout.trim();
}

async function filesHere(since: number): Promise<string[]> {
  const minutes = String(Math.ceil((Date.now() - since) / 60_000) + 1);
  const quiet = $({ quiet: true, nothrow: true });
  const recent =
    await quiet`find /tmp /var/tmp /run /dev/shm -xdev ( -name node_modules -o -name .git ) -prune -o -type f -mmin -${minutes} -size -4096k -print`;
  const own = ["files/key", "passphrase"].map((name) => `${bench.folder}/${name}`);
  return recent.stdout.split("\n").filter((name) => name !== "" && !own.includes(name) && holdsTrace(name));
}

function holdsTrace(name: string): boolean {
  try {
    return foundIn(readFileSync(name, "latin1"), traces).length > 0;
  } catch {
    return false;
  }
}

const modes: readonly (readonly string[])[] = [
  ["--check", "--diff", "-v"],
  ["--diff", "-v"],
  ["--output", "json", "--diff"],
  ["--check", "--diff", "--output", "json"],
  ["--no-lookahead", "-v", "--diff"],
];

describe("secrets of a whole run", () => {
  test.each(modes.map((m) => [m.join(" "), m] as const))(
    "run %s: no output holds one, no process, no file but its own",
    async (_, words) => {
      const begun = Date.now();
      const watch = watchProcesses(traces.filter((t) => !tracesOf(environment).includes(t)));
      const during: Promise<string>[] = [];
      const looking = setInterval(() => during.push(filesOnTarget("/tmp /var/tmp /run /dev/shm")), 700);
      const done = await run(words);
      clearInterval(looking);
      const seen = watch.stop();
      expect(foundIn(done.text, traces), done.text).toEqual([]);
      expect(done.exit, done.text).toBe(words.includes("--check") ? 0 : 1);
      expect(seen.looks).toBeGreaterThan(5);
      expect(seen.found).toEqual([]);
      expect((await Promise.all(during)).filter((found) => found !== "")).toEqual([]);
      expect(await filesHere(begun)).toEqual([]);
    },
  );

  test("a rotated secret shows neither the new nor the old one", async () => {
    const done = await run(["--diff", "-v", "--output", "json"], rotated);
    expect(done.exit, done.text).toBe(1);
    expect(done.tasks().find((t) => t.task === "Line")?.status).toBe("changed");
    const shown = done.tasks().flatMap((t) => [JSON.stringify(t.changes), t.message ?? ""]);
    expect(foundIn(shown.join("\n"), traces)).toEqual([]);
  });

  test("the files that shall hold them do, and so do the request and the shadow file", async () => {
    const at = (name: string): Promise<string> => host.exec(["cat", `/srv/kept/${name}`]).then((done) => done.stdout);
    expect(await at("copy")).toBe(vault);
    expect(await at("decoded")).toBe(inBase64);
    expect(await at("line")).toBe(`token=${rotated}\n`);
    expect(await at("block")).toContain(key);
    expect(await at("stdin")).toBe(rotated);
    expect(await at("tee")).toBe(`${lines}\n`);
    expect(await at("script")).toBe(vault);
    expect(await at("loop-1")).toBe(lines);
    expect(await at("template")).toBe(
      `${vault}\n${Buffer.from(vault).toString("base64")}\n${encodeURIComponent(vault)}\n${JSON.stringify(lines)}\n${lines}\n${rotated}\n${key}\n`,
    );
    expect(await host.out("grep ^keeper: /etc/shadow | cut -d: -f2")).toBe(hash);
    expect(requests.some((r) => r.body === environment && decodeURIComponent(r.token ?? "") === vault)).toBe(true);
  });

  test("no program of the target was started with one in its arguments or environment, and hundreds were looked at", async () => {
    const log = await host.out("cat /var/lib/noted/log");
    expect(log.split("\n").length).toBeGreaterThan(200);
    expect(log.split("\n").filter((line) => foundIn(line, traces).length > 0)).toEqual([]);
  });

  test("nothing of it is left on the target: no log, no journal, no history, no temporary file", async () => {
    expect(
      await filesOnTarget(
        "/tmp /var/tmp /run /dev/shm /var/log /var/lib /var/cache/debconf /root /home /etc --exclude=shadow --exclude=shadow-",
      ),
    ).toBe("");
    expect(foundIn(await host.out("journalctl -o cat"), traces)).toEqual([]);
    expect(await host.out("find / -xdev -name '.rempart*' 2>/dev/null; true")).toBe("");
  });
});

test("a mistake in an encrypted file is told without the line that it stands on", async () => {
  const sealed = await encryptText(`vault: ${told(vault)}\nlines: "${vault.slice(0, 20)} and no end\n`, {
    passphrase: new Secret(passphrase),
  });
  if (!sealed.ok) throw new Error(sealed.why);
  const broken = new Bench({
    "inventory/hosts.yml": { all: { hosts: { keeper: { ansible_connection: "local" } } } },
    "inventory/group_vars/all.yml": sealed.text,
    passphrase: passphrase,
    "site.yml": [{ hosts: "all", tasks: [{ debug: { msg: "{{ vault }}" } }] }],
  });
  const done = await broken.run(["run", "site.yml", "--vault-passphrase-file", "passphrase"]);
  broken.remove();
  expect(done.exit, done.text).toBe(3);
  expect(done.text).toMatch(/group_vars\/all\.yml/);
  expect(foundIn(done.text, tracesOf(vault))).toEqual([]);
});
