import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";

let host: TestHost;
let bench: Bench;

/** 60 tasks on files of all kinds, in folders that earlier ones make. */
function sixty(): object[] {
  const folders = Array.from({ length: 15 }, (_, i) => ({
    name: `Folder ${i}`,
    file: { path: `/srv/sixty/${i}`, state: "directory", mode: "0750" },
  }));
  const files = Array.from({ length: 15 }, (_, i) => ({
    name: `File ${i}`,
    copy: { content: `number ${i}\n`, dest: `/srv/sixty/${i}/file`, mode: "0640" },
  }));
  const templates = Array.from({ length: 15 }, (_, i) => ({
    name: `Template ${i}`,
    template: { src: "t.conf.hbs", dest: `/srv/sixty/${i}/conf` },
    vars: { number: i },
  }));
  const lines = Array.from({ length: 10 }, (_, i) => ({
    name: `Line ${i}`,
    lineinfile: { path: `/srv/sixty/${i}/lines`, line: `more = ${i}`, create: true },
  }));
  const links = Array.from({ length: 4 }, (_, i) => ({
    name: `Link ${i}`,
    file: { path: `/srv/sixty/link-${i}`, src: `/srv/sixty/${i}/file`, state: "link" },
  }));
  return [
    { name: "The folder of all", file: { path: "/srv/sixty", state: "directory" } },
    ...folders,
    ...files,
    ...templates,
    ...lines,
    ...links,
  ];
}

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "bare" });
  bench = new Bench({
    "templates/t.conf.hbs": "number {{ number }} on {{ facts.os.id }}\n",
    "inventory/hosts.yml": { all: { hosts: { bare: host.variables() } } },
    "site.yml": [{ name: "Sixty", hosts: "all", become: true, tasks: sixty() }],
  });
});

afterAll(async () => {
  bench.remove();
  await host.stop();
});

test("60 file tasks on a bare host take at most 4 round trips, with the facts of the host", async () => {
  const done = await bench.run(["run", "site.yml", "--output", "json"]);
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  const recap = done.recap("bare");
  expect(done.tasks()).toHaveLength(60);
  expect(recap).toMatchObject({ changed: 60, failed: 0 });
  expect(recap.roundTrips).toBeLessThanOrEqual(4);
  expect(recap.processes).toBeGreaterThan(60);
  expect(
    await host.out("cat /srv/sixty/14/conf /srv/sixty/9/file /srv/sixty/9/lines; readlink /srv/sixty/link-3; stat -c %a /srv/sixty/14"),
  ).toBe("number 14 on debian\nnumber 9\nmore = 9\n/srv/sixty/3/file\n750");
});

test("a second run changes nothing, in at most 2 round trips and far fewer processes than tasks", async () => {
  const done = await bench.run(["run", "site.yml", "--output", "json"]);
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  const recap = done.recap("bare");
  expect(recap).toMatchObject({ ok: 60, changed: 0 });
  expect(recap.roundTrips).toBeLessThanOrEqual(2);
  expect(recap.processes).toBeGreaterThan(0);
  expect(recap.processes).toBeLessThan(60);
});

test("people see both numbers in the recap", async () => {
  const done = await bench.run(["run", "site.yml"]);
  expect(done.stdout).toMatch(/^host .*round trips {2}processes\nbare +60 .* [12] +\d+$/m);
});

test("task by task it comes to the same, at the price of a round trip or more for each", async () => {
  await host.out("rm -r /srv/sixty");
  const done = await bench.run(["run", "site.yml", "--no-lookahead", "--output", "json"]);
  expect(done.recap("bare")).toMatchObject({ changed: 60, failed: 0 });
  expect(done.recap("bare").roundTrips).toBeGreaterThan(60);
  const again = await bench.run(["run", "site.yml", "--output", "json"]);
  expect(again.recap("bare")).toMatchObject({ ok: 60, changed: 0 });
});

/** File tasks with programs between them of which nobody can tell beforehand what they do. */
function mixed(folder: string, files: number, programs: number): object[] {
  const every = files / programs;
  return Array.from({ length: files }, (_, i) => [
    { name: `File ${i}`, copy: { content: `${i}\n`, dest: `${folder}/${i}` } },
    ...((i + 1) % every === 0
      ? [{ name: `Program behind ${i}`, command: { argv: ["touch", `${folder}/done-${i}`], creates: `${folder}/done-${i}` } }]
      : []),
  ]).flat();
}

async function firstRun(files: number, programs: number): Promise<number> {
  const folder = `/srv/mixed-${files}-${programs}`;
  const tasks = [{ name: "The folder", file: { path: folder, state: "directory" } }, ...mixed(folder, files, programs)];
  bench.put("mixed.yml", [{ name: "Mixed", hosts: "all", become: true, tasks }]);
  const done = await bench.run(["run", "mixed.yml", "--output", "json"]);
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  expect(done.recap("bare")).toMatchObject({ changed: 1 + files + programs });
  return done.recap("bare").roundTrips;
}

test("the round trips of a first run grow with the steps that cannot be foretold, not with the tasks", async () => {
  const few = await firstRun(24, 2);
  expect(await firstRun(72, 2)).toBe(few);
  const more = await firstRun(24, 8);
  expect(more - few).toBe(6);
  expect(few).toBeLessThanOrEqual(2 + 3);
});

test("groups, users and what belongs to them are one chain, with the numbers that were chosen for them", async () => {
  const tasks = [
    { name: "Group", group: { name: "film" } },
    { name: "System group", group: { name: "sound", system: true } },
    { name: "User", user: { name: "ann" } },
    { name: "Second user", user: { name: "bert", group: "film", groups: ["sound"], shell: "/usr/sbin/nologin" } },
    { name: "Service user", user: { name: "service", system: true, create_home: false } },
    { name: "Folder", file: { path: "/srv/film", state: "directory", owner: "ann", group: "sound" } },
  ];
  bench.put("accounts.yml", [{ name: "Accounts", hosts: "all", become: true, tasks }]);
  const done = await bench.run(["run", "accounts.yml", "--output", "json"]);
  expect(done.recap("bare")).toMatchObject({ changed: 6, failed: 0 });
  expect(done.recap("bare").roundTrips).toBeLessThanOrEqual(2);
  expect(await host.out("stat -c '%U %G' /srv/film; id -Gn bert; id -gn ann")).toBe("ann sound\nfilm sound\nann");
  expect((await bench.run(["run", "accounts.yml", "--output", "json"])).recap("bare")).toMatchObject({ ok: 6, changed: 0 });
});
