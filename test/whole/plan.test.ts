import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { encryptText } from "../../src/inventory/vault.ts";
import { planFile } from "../../src/kernel/planfile.ts";
import { Secret } from "../../src/kernel/value.ts";
import { Bench, type Ended } from "./bench.ts";
import { canary, canaryOfLines, foundIn, tracesOf } from "./canaries.ts";

// The host is this machine, and all that is written lies in the folder of the bench.
const [vault, lines, environment] = [canary("vault"), canaryOfLines(), canary("environment")];
const traces = [vault, lines, environment].flatMap(tracesOf);
const token = '{{ secret "env" "CANARY" }}';

// Every test starts the program several times.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let bench: Bench;
let made: string;

beforeAll(async () => {
  bench = new Bench();
  made = join(bench.folder, "made");
  const text = `vault: ${JSON.stringify(vault)}\nlines: ${JSON.stringify(lines)}\n`;
  const sealed = await encryptText(text, { passphrase: new Secret("only for this test") });
  if (!sealed.ok) throw new Error(sealed.why);
  bench.put("passphrase", "only for this test");
  bench.put("inventory/group_vars/all.yml", sealed.text);
});

afterAll(() => bench.remove());

beforeEach(() => putSources());

function putSources(more: object = {}): void {
  bench.put("inventory/hosts.yml", { all: { hosts: { here: { ansible_connection: "local" } } } });
  bench.put("templates/all.hbs", `{{ vault }}\n{{ b64 vault }}\n{{ json lines }}\n{{ url_encode vault }}\n${token}\n`);
  bench.put("files/plain", "plain\n");
  bench.put("site.yml", [{ name: "Plan", hosts: "all", gather_facts: false, ...more, tasks }]);
}

const tasks: readonly object[] = [
  { name: "Folder", file: { path: "{{ playbook_dir }}/made", state: "directory", mode: "0700" } },
  { name: "Template", template: { src: "all.hbs", dest: "{{ playbook_dir }}/made/template", mode: "0600" } },
  { name: "Copy", copy: { content: "{{ vault }}", dest: "{{ playbook_dir }}/made/copy", mode: "0600" } },
  { name: "File", copy: { src: "plain", dest: "{{ playbook_dir }}/made/plain" } },
  {
    name: "Line",
    lineinfile: { path: "{{ playbook_dir }}/made/line", line: `token=${token}`, regexp: "^token=", create: true, mode: "0600" },
  },
  {
    name: "Loop",
    copy: { content: "{{ item }}", dest: "{{ playbook_dir }}/made/loop-{{ index }}" },
    loop: ["{{ vault }}", "{{ lines }}"],
    loop_control: { index_var: "index" },
  },
  { name: "Standard input", shell: { cmd: "cat >{{ playbook_dir }}/made/stdin", stdin: token, creates: "{{ playbook_dir }}/made/stdin" } },
  { name: "Environment", shell: { cmd: "true {{ quote vault }}", unless: "test -e {{ playbook_dir }}/made/stdin" } },
  {
    name: "Request that nobody answers",
    uri: { url: "http://127.0.0.1:9/", headers: { "X-Token": "{{ url_encode vault }}" } },
    ignore_errors: true,
  },
  { name: "A name with {{ vault }}", debug: { msg: `${token} {{ lines }} {{ lookup "env" "WORD" }}` } },
];

const keys = ["--vault-passphrase-file", "passphrase"];
const run = (words: readonly string[], now = environment): Promise<Ended> => bench.run(words, { CANARY: now, WORD: "plain" });
const plan = (...words: readonly string[]): Promise<Ended> => run(["plan", "site.yml", "-o", "site.plan", ...keys, ...words]);
const apply = (...words: readonly string[]): Promise<Ended> => run(["apply", "site.plan", "--wait", ...keys, ...words]);
// Without the compiled code of the program itself, which Node keeps among the temporary files.
const files = (): string[] =>
  readdirSync(bench.folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !name.startsWith("tmp/node-compile-cache"))
    .sort();

test("a plan writes its file, for its owner only, and nothing else; what it shows is applied; then nothing is left to do", async () => {
  const before = files();
  const done = await plan("--output", "json");
  expect(done.exit, done.text).toBe(2);
  expect(done.tasks().map((t) => t.status)).toEqual([...Array(8).fill("changed"), expect.stringMatching(/failed|maybe/), "ok"]);
  expect(files()).toEqual([...before, "site.plan"].sort());
  expect(statSync(join(bench.folder, "site.plan")).mode & 0o777).toBe(0o600);
  expect(planFile.safeParse(JSON.parse(readFileSync(join(bench.folder, "site.plan"), "utf8"))).success).toBe(true);

  const applied = await apply("--output", "json");
  expect(applied.exit, applied.text).toBe(0);
  expect(applied.tasks().filter((t) => t.status === "changed")).toHaveLength(7);
  expect(readFileSync(join(made, "copy"), "utf8")).toBe(vault);
  expect(readFileSync(join(made, "loop-1"), "utf8")).toBe(lines);

  const again = await apply();
  expect(again.exit, again.text).toBe(1);
  expect(again.stdout).toMatch(/refused +here +path .*made is no longer as it was when the plan was made \(task 1, Folder\)/);

  const second = await plan();
  expect(second.exit, second.text).toBe(0);
});

test("no byte of a plan file tells a secret, nor what plan, show or apply print", async () => {
  const before = await run(["run", "site.yml", "--wait", ...keys], canary("old"));
  expect(before.exit, before.text).toBe(0);
  const done = await plan("--diff", "-v");
  expect(done.exit, done.text).toBe(2);
  const text = readFileSync(join(bench.folder, "site.plan"), "latin1");
  const shown = await run(["show", "site.plan", "--diff", "-v"]);
  const asJson = await run(["show", "site.plan", "--output", "json"]);
  const applied = await apply("--diff", "-v");
  expect([shown.exit, asJson.exit, applied.exit], applied.text).toEqual([0, 0, 0]);
  for (const said of [text, done.text, shown.text, asJson.text, applied.text]) expect(foundIn(said, traces), said).toEqual([]);
  expect(text).toContain("secret env CANARY");
});

describe("an apply is refused before anything is connected", () => {
  let text: string;

  beforeAll(async () => {
    bench.put("more.yml", { more: 1 });
    putSources({ vars_files: ["more.yml"] });
    expect((await plan()).exit).toBe(0);
    text = readFileSync(join(bench.folder, "site.plan"), "utf8");
  });

  beforeEach(() => {
    putSources({ vars_files: ["more.yml"] });
    bench.put("more.yml", { more: 1 });
    bench.put("site.plan", text);
  });

  const refused = async (done: Promise<Ended>, ...said: readonly RegExp[]): Promise<void> => {
    const { exit, text, stdout } = await done;
    expect(exit, text).toBe(3);
    expect(stdout).toBe("");
    for (const one of said) expect(text).toMatch(one);
    expect(foundIn(text, traces)).toEqual([]);
  };

  test.each([
    ["a playbook", "site.yml", [], /site\.yml was changed since the plan was made/],
    ["a template", "templates/all.hbs", "other\n", /templates\/all\.hbs was changed/],
    ["a file", "files/plain", "other\n", /files\/plain was changed/],
    ["the inventory", "inventory/hosts.yml", { all: { hosts: { there: {} } } }, /inventory\/hosts\.yml was changed/],
  ])("when %s is not what it was, by name", async (_, name, content, said) => {
    bench.put(name, content);
    await refused(apply(), said, /plan again/);
  });

  test("when a file of variables is gone, or is new", async () => {
    bench.move("more.yml", "elsewhere.yml");
    await refused(apply(), /more\.yml is no longer there/);
    bench.move("elsewhere.yml", "more.yml");
    bench.put("inventory/host_vars/here.yml", { extra: 1 });
    await refused(apply(), /inventory\/host_vars\/here\.yml was not read when the plan was made/);
    bench.move("inventory/host_vars", "elsewhere");
  });

  test("when a secret or an environment variable is another one", async () => {
    const others = { CANARY: canary("other"), WORD: "plain" };
    await refused(bench.run(["apply", "site.plan", ...keys], others), /the secrets are not those of the plan: one of .*secret env CANARY/);
    await refused(bench.run(["apply", "site.plan", ...keys], { CANARY: environment, WORD: "other" }), /env WORD is not what it was/);
  });

  test.each([
    ["is missing", undefined, /the plan site\.plan cannot be read: ENOENT/],
    ["is something else", "- hosts: all\n", /site\.plan is not a plan file/],
    ["is of another format", { rempart_plan: 2 }, /site\.plan was made by another version of rempart/],
    ["is damaged", { rempart_plan: 1, sha256: "", seal: "", body: {} }, /site\.plan is damaged/],
  ])("when the plan %s, and show says the same", async (_, content, said) => {
    if (content === undefined) bench.move("site.plan", "elsewhere.plan");
    else bench.put("site.plan", content);
    await refused(apply(), said);
    await refused(run(["show", "site.plan"]), said);
  });

  test("when the plan was edited, even by somebody who mends its digest", async () => {
    const edited = text.replace('"skipTags": []', '"skipTags": ["safety"]');
    bench.put("site.plan", edited);
    await refused(apply(), /site\.plan is damaged/);
    const file = JSON.parse(edited) as { body: unknown };
    bench.put("site.plan", { ...file, sha256: createHash("sha256").update(JSON.stringify(file.body)).digest("hex") });
    await refused(apply(), /the secrets are not those of the plan: one of .*was changed, or site\.plan was/);
  });
});

test("values of -e are not kept: apply wants the same again, and a file is read again by itself", async () => {
  const play = {
    hosts: "all",
    gather_facts: false,
    tasks: [{ name: "Put", copy: { content: "{{ word }}{{ more }}", dest: "{{ playbook_dir }}/extra" } }],
  };
  bench.put("site.yml", [play]);
  bench.put("more.yml", { more: "beside" });
  const word = canary("word");
  const given = ["-e", JSON.stringify({ word })];
  expect((await plan("-e", "@more.yml", ...given)).exit).toBe(2);
  expect(JSON.parse(readFileSync(join(bench.folder, "site.plan"), "utf8")).body.request.extraVars).toEqual([
    { file: "more.yml" },
    { names: ["word"] },
  ]);
  const without = await apply();
  expect(without.exit).toBe(3);
  expect(without.text).toMatch(/the plan was made with values of -e, which are not kept in it[\s\S]*give the same again: -e word=\.\.\./);
  const other = await apply("-e", "word=other");
  expect(other.exit).toBe(3);
  expect(other.text).toMatch(/the secrets are not those of the plan: one of .*-e word/);
  const same = await apply(...given);
  expect(same.exit, same.text).toBe(0);
  expect(readFileSync(join(bench.folder, "extra"), "utf8")).toBe(`${word}beside`);
});

test("an interrupted plan writes no file", async () => {
  const slow = { name: "Slow", command: { cmd: "sleep 3", reads: true } };
  bench.put("site.yml", [{ name: "Slowly", hosts: "all", gather_facts: false, tasks: [slow] }]);
  const running = bench.start(["plan", "site.yml", "-o", "interrupted.plan", ...keys]);
  await running.said("play Slowly");
  running.signal("SIGINT");
  const done = await running.ended;
  expect(done.exit, done.text).toBe(130);
  expect(existsSync(join(bench.folder, "interrupted.plan"))).toBe(false);
});

test("a host that cannot be reached is not in the plan, the others are", async () => {
  bench.put("site.yml", [
    { hosts: "all", gather_facts: false, tasks: [{ name: "Put", copy: { content: "x", dest: "{{ playbook_dir }}/reached" } }] },
  ]);
  bench.put("inventory/hosts.yml", {
    all: { hosts: { here: { ansible_connection: "local" }, gone: { ansible_connection: "docker", ansible_host: "no-such-container" } } },
  });
  const done = await plan();
  expect(done.exit, done.text).toBe(4);
  expect(done.stdout).toContain("the plan is in site.plan, but not for gone");
  expect((await run(["show", "site.plan"])).stdout).toMatch(/gone .*\n {2}no whole plan: /);
  const applied = await apply();
  expect(applied.exit, applied.text).toBe(1);
  expect(applied.stdout).toMatch(/refused +gone +there is no whole plan of this host/);
  expect(readFileSync(join(bench.folder, "reached"), "utf8")).toBe("x");
});
