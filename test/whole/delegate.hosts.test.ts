import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench, type Ended } from "./bench.ts";

let web: TestHost;
let nas: TestHost;
let bench: Bench;

// The NAS asks another password than the web host does, and only it may become root there.
beforeAll(async () => {
  [web, nas] = await Promise.all([
    startHost({ release: "trixie", name: "web" }),
    startHost({ release: "bookworm", name: "nas", sudo: "password" }),
  ]);
  const hosts = {
    web: { ...web.variables(), site: "media.example.org" },
    nas: { ...nas.variables(), ansible_become_password: nas.password, site: "of the nas" },
  };
  bench = new Bench({ "inventory/hosts.yml": { all: { hosts } } });
});

afterAll(async () => {
  bench?.remove();
  await Promise.all([web?.stop(), nas?.stop()]);
});

const play = (tasks: readonly object[], more: object = {}): object => [{ name: "Delegate", hosts: "web", become: true, ...more, tasks }];
const run = (...words: readonly string[]): Promise<Ended> => bench.run(["run", "site.yml", "--output", "json", ...words]);
const told = (ended: Ended): string[] => ended.tasks().map((t) => `${[t.host, ...(t.delegates ?? [])].join(" -> ")} ${t.status} ${t.task}`);

const onNas = [
  {
    name: "There",
    copy: { dest: "/srv/of-{{ inventory_hostname }}", content: "{{ site }}\n", mode: "0600" },
    delegate_to: "nas",
    register: "r",
  },
  { name: "Who", command: { cmd: "hostname", reads: true }, delegate_to: "nas", register: "there" },
  { name: "Here", copy: { dest: "/srv/told", content: "{{ r.changed }} {{ there.stdout }} {{ facts.os.version }}\n" } },
  { name: "On this machine", copy: { dest: "{{ playbook_dir }}/local", content: "{{ site }}\n" }, delegate_to: "localhost", become: false },
];

test.each([[[]], [["--no-lookahead"]]])(
  "a task runs on its delegate, with what leads there and to root there, and with the variables of its own host %j",
  async (words) => {
    await Promise.all([web.exec("rm -f /srv/told"), nas.exec("rm -f /srv/of-web")]);
    bench.drop("local");
    bench.put("site.yml", play(onNas));
    const first = await run(...words);
    expect(first.exit, first.text).toBe(0);
    expect(told(first)).toEqual([
      "web -> nas changed There",
      "web -> nas ok Who",
      "web changed Here",
      "web -> localhost changed On this machine",
    ]);
    expect(await nas.out("stat -c '%U %a' /srv/of-web; cat /srv/of-web")).toBe("root 600\nmedia.example.org");
    expect(await web.out("cat /srv/told")).toBe(`true ${await nas.out("hostname")} 13`);
    expect(readFileSync(join(bench.folder, "local"), "utf8")).toBe("media.example.org\n");
    expect(first.events().flatMap((e) => (e.event === "recap" ? Object.keys(e.hosts) : []))).toEqual(["web"]);
  },
);

test("a check foretells it, and changes nothing there", async () => {
  await nas.exec("rm -f /srv/of-web");
  bench.put("site.yml", play(onNas));
  const check = await run("--check");
  expect(check.exit, check.text).toBe(0);
  expect(told(check)[0]).toBe("web -> nas changed There");
  expect(await nas.out("ls /srv")).toBe("");
});

test("a run that is at work on the delegate is waited for, or the host is left alone", async () => {
  bench.put("slow.yml", [{ hosts: "nas", become: true, tasks: [{ name: "Slow", command: { cmd: "sleep 60", always: "a test" } }] }]);
  const slow = bench.start(["run", "slow.yml"]);
  await expect.poll(() => nas.out("pgrep -x sleep || true"), { timeout: 30_000, interval: 200 }).not.toBe("");
  bench.put("site.yml", play(onNas.slice(0, 1)));
  const refused = await run();
  expect(refused.exit, refused.text).toBe(4);
  const lost = refused.events().filter((e) => e.event === "host");
  expect(lost).toMatchObject([
    { host: "web", message: expect.stringMatching(/^nas, to which "There" is delegated: another run is at work on this host/) },
  ]);
  slow.signal("SIGKILL");
  await slow.ended;
  await nas.exec("pkill -x sleep");
  expect((await run("--wait", "20s")).exit).toBe(0);
});

test("what runs once is done by the first host of each batch, and its result is there for all of the play", async () => {
  const tasks = [
    { name: "Once", shell: { cmd: "hostname >>/srv/once", always: "a test" }, run_once: true },
    { name: "Look", command: { cmd: "cat /srv/once", reads: true }, run_once: true, register: "once" },
    { name: "All", copy: { dest: "/srv/all", content: "{{ once.stdout }}\n" } },
  ];
  bench.put("site.yml", play(tasks, { hosts: "all" }));
  const together = await run();
  expect(told(together)).toEqual(["web changed Once", "web ok Look", "web changed All", "nas changed All"]);
  expect(await nas.out("cat /srv/all")).toBe(await web.out("hostname"));
  bench.put("site.yml", play(tasks, { hosts: "all", serial: 1, order: "reverse_inventory" }));
  expect(told(await run())).toEqual([
    "nas changed Once",
    "nas ok Look",
    "nas changed All",
    "web changed Once",
    "web ok Look",
    "web changed All",
  ]);
});
