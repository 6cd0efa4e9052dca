import { afterEach, beforeEach, expect, it } from "vitest";
import { CloudflareEmulator } from "./emulator/emulator.ts";
import { play, tasks } from "./play.ts";

let emulator: CloudflareEmulator;
beforeEach(async () => {
  emulator = await CloudflareEmulator.start();
});
afterEach(async () => {
  await emulator.stop();
  expect(emulator.faults).toEqual([]);
});

const zone = "example.org";
const phase = "http_request_firewall_custom";
const custom = (...expressions: string[]): readonly unknown[] =>
  tasks({
    name: "rules",
    cloudflare_ruleset: { zone, phase, rules: expressions.map((expression, i) => ({ ref: `r${i}`, action: "block", expression })) },
  });
const trials = (seen: readonly { readonly query: string }[]): number => seen.filter((s) => s.query === "dry_run=true").length;

it("a check lets the API try the rules, and stores nothing", async () => {
  const told = await play(emulator, custom('http.request.uri.path eq "/a"'), { check: true });
  expect(told.lines).toEqual(["changed rules"]);
  expect(trials(told.seen)).toBeGreaterThan(0);
  expect([told.writes, emulator.zone.rulesets.size]).toEqual([[], 0]);
});

it("a rule that the API would not take is told in the check, in its words, and not sent in the run", async () => {
  const wrong = custom('(http.request.uri.path eq "/a"');
  for (const check of [true, false]) {
    const told = await play(emulator, wrong, { check });
    expect(told.lines).toEqual(["failed rules"]);
    expect(told.trouble).toContain("the expression cannot be parsed");
    expect(told.writes).toEqual([]);
  }
});

it("rules that are as they shall be are not tried", async () => {
  const rules = custom('http.request.uri.path   eq "/a"', "(cf.client.bot)");
  await play(emulator, rules);
  const again = await play(emulator, rules);
  expect(again.lines).toEqual(["ok rules"]);
  expect([trials(again.seen), again.writes]).toEqual([0, []]);
});

it("a plan that allows no more rules is told before the API is even asked, those of others counted", async () => {
  const told = await play(emulator, custom(...Array.from({ length: 6 }, (_, i) => `http.request.uri.path eq "/${i}"`)));
  expect(told.trouble).toContain("the plan free allows 5 custom rules and there would be 6");
  expect(told.writes).toEqual([]);
});

it("a rule of ours keeps its identifier and its history when another is added before it", async () => {
  await play(emulator, custom('http.request.uri.path eq "/old"'));
  const [old] = emulator.zone.rulesets.get(phase).rules;
  const both = tasks({
    name: "rules",
    cloudflare_ruleset: {
      zone,
      phase,
      rules: [
        { ref: "new", action: "block", expression: "cf.client.bot" },
        { ref: "r0", action: "block", expression: 'http.request.uri.path eq "/old"' },
      ],
    },
  });
  expect((await play(emulator, both)).trouble).toBe("");
  const [added, kept] = emulator.zone.rulesets.get(phase).rules;
  expect([added.ref, kept.id, kept.version]).toEqual(["rempart_new", old.id, old.version]);
});

it("two groups of one name are told with their identifiers, and neither is touched", async () => {
  const group = { name: "family", include: [{ email: { email: "ada@example.org" } }], require: [], exclude: [] };
  const ids = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
  for (const id of ids) emulator.account.groups.set(id, { ...group });
  const told = await play(
    emulator,
    tasks({ name: "family", cloudflare_access_group: { zone, name: "family", include: { emails: ["bob@example.org"] } } }),
  );
  expect(told.lines).toEqual(["failed family"]);
  for (const id of ids) expect(told.trouble).toContain(id);
  expect(told.writes).toEqual([]);
});

it("a zone that the token does not see fails every task with the way out, and writes nothing", async () => {
  const told = await play(
    emulator,
    tasks({ name: "www", cloudflare_dns: { zone: "example.net", name: "www.example.net", type: "A", content: "192.0.2.1" } }),
  );
  expect(told.trouble).toContain("there is no zone example.net that this token can see");
  expect(told.writes).toEqual([]);
});

it("a zone can be added and filled in one run, and is pending until it is delegated", async () => {
  const both = tasks(
    { name: "zone", cloudflare_zone: { name: "example.net", create: true, account: emulator.account.id } },
    { name: "www", cloudflare_dns: { zone: "example.net", name: "www.example.net", type: "A", content: "192.0.2.1", proxied: true } },
  );
  const check = await play(emulator, both, { check: true });
  expect(check.writes).toEqual([]);
  expect(check.lines[0]).toBe("changed zone");
  expect((await play(emulator, both)).lines).toEqual(["changed zone", "changed www"]);
  expect((await play(emulator, both)).writes).toEqual([]);
  const told = await play(emulator, tasks({ name: "zone", cloudflare_zone: { name: "example.net", active: true } }));
  expect(told.trouble).toContain("set its name servers at the registrar to ada.ns.cloudflare.com and bob.ns.cloudflare.com");
});

it("a DNS record has no place on a machine, nor a file on a zone: that is told before anything is connected", async () => {
  const wrong = await play(emulator, tasks({ name: "file", file: { path: "/etc/motd", state: "absent" } }));
  expect(wrong.errors.join()).toContain("zone is an API (cloudflare)");
  expect(wrong.seen).toEqual([]);
});
