import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench } from "./bench.ts";

/** MB of memory that a run may take, whatever its size. */
const bound = 600;
const blob = randomBytes(50 * 1024 * 1024);
const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
const play = (tasks: readonly object[]): object => [{ name: "Large", hosts: "large", become: true, gather_facts: false, tasks }];

let host: TestHost;
let bench: Bench;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "large" });
  bench = new Bench({
    "inventory/hosts.yml": { all: { hosts: { large: host.variables() } } },
    "files/blob": blob,
    "templates/long.hbs": Array.from({ length: 10_000 }, (_, i) => `line ${i} of {{ who }}{{#if (gt ${i} 9000)}} late{{/if}}`).join("\n"),
    "many.yml": play([
      { file: { path: "/srv/many", state: "directory" } },
      ...Array.from({ length: 4999 }, (_, i) => ({ name: `File ${i}`, copy: { content: `${i}\n`, dest: `/srv/many/${i}` } })),
    ]),
    "blob.yml": play([{ name: "Blob", copy: { src: "blob", dest: "/srv/blob" } }]),
    "template.yml": play([{ name: "Long", template: { src: "long.hbs", dest: "/srv/long" }, vars: { who: "nobody" } }]),
    "loud.yml": play([
      {
        name: "Loud",
        shell: { cmd: "echo first; head -c 100000000 /dev/zero | tr '\\000' 'x' | fold -w 100; echo; echo last", always: "a test" },
        register: "loud",
      },
      { name: "Ends", assert: { that: ["loud.rc == 0"] } },
    ]),
    "cut.yml": play([
      { name: "Loud", shell: { cmd: "head -c 3000000 /dev/zero | tr '\\000' 'x'", always: "a test" }, register: "loud" },
      { name: "Use", copy: { content: "{{ loud.stdout }}", dest: "/srv/cut" } },
    ]),
  });
});

afterAll(async () => {
  bench.remove();
  await host.stop();
});

test("5,000 tasks converge, and a second run finds nothing to do", async () => {
  const first = await bench.run(["run", "many.yml", "--output", "json"]);
  expect(first.exit, first.text.slice(0, 2000)).toBe(0);
  expect(first.recap("large")).toMatchObject({ changed: 5000, failed: 0 });
  expect(await host.out("ls /srv/many | wc -l; cat /srv/many/4998")).toBe("4999\n4998");
  const second = await bench.run(["run", "many.yml", "--output", "json"]);
  expect(second.recap("large")).toMatchObject({ ok: 5000, changed: 0 });
  expect(Math.max(first.peak, second.peak)).toBeLessThan(bound);
});

test("a file of 50 MB arrives as it is, and is not sent again", async () => {
  const first = await bench.run(["run", "blob.yml", "--output", "json"]);
  expect(first.exit, first.text.slice(0, 2000)).toBe(0);
  expect(await host.out("sha256sum </srv/blob | cut -d' ' -f1")).toBe(sha256(blob));
  const second = await bench.run(["run", "blob.yml", "--output", "json"]);
  expect(second.recap("large")).toMatchObject({ ok: 1, changed: 0 });
  expect(second.recap("large").bytesSent).toBeLessThan(100_000);
  expect(Math.max(first.peak, second.peak)).toBeLessThan(bound);
  expect(await host.out("find / -xdev -name '.rempart*' 2>/dev/null; true")).toBe("");
});

test("a template of 10,000 lines is rendered as it is", async () => {
  const done = await bench.run(["run", "template.yml", "--output", "json"]);
  expect(done.exit, done.text.slice(0, 2000)).toBe(0);
  expect(await host.out("wc -l </srv/long; tail -1 /srv/long")).toBe("9999\nline 9999 of nobody late");
  expect((await bench.run(["run", "template.yml", "--output", "json"])).recap("large")).toMatchObject({ ok: 1, changed: 0 });
  expect(done.peak).toBeLessThan(bound);
});

test("a command that prints 100 MB ends well in bounded memory", async () => {
  const done = await bench.run(["run", "loud.yml", "--output", "json"]);
  expect(done.exit, done.text.slice(0, 2000)).toBe(0);
  expect(done.recap("large")).toMatchObject({ failed: 0 });
  expect(done.peak).toBeLessThan(bound);
});

test("a result that was cut is not used as if it were whole", async () => {
  const done = await bench.run(["run", "cut.yml", "--output", "json"]);
  expect(done.exit, done.text.slice(0, 2000)).toBe(1);
  expect(done.tasks().find((t) => t.task === "Use")).toMatchObject({ status: "failed", message: expect.stringMatching(/cut/) });
  expect((await host.exec("test -e /srv/cut")).exitCode).not.toBe(0);
});
