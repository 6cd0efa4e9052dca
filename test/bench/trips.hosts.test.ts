import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench, type Ended } from "../whole/bench.ts";
import { writeInventory } from "./inventory.ts";
import { Relay } from "./relay.ts";
import { changesOfFirstRun, writePlaybooks } from "./work.ts";

/** What ssh costs before the first script, in turns of the client: greeting, algorithms, keys, service, key known, login, channel, shell. */
const handshake = 10;

const folder = mkdtempSync(join(tmpdir(), "rempart-trips-"));
const bench = new Bench();
let host: TestHost;
let relay: Relay;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "far" });
  await host.out(readFileSync(join(import.meta.dirname, "target/prepare.sh"), "utf8"));
  // Long enough that whatever waits for an answer shows as a turn of its own, and short enough for a test.
  relay = await Relay.start({ host: host.address, port: host.port }, 20);
  const known = readFileSync(host.knownHosts, "utf8").replaceAll(host.address, `[127.0.0.1]:${relay.port}`);
  writeFileSync(join(folder, "known_hosts"), known);
  const far = { ansible_host: "127.0.0.1", ansible_port: relay.port, ansible_ssh_known_hosts: [join(folder, "known_hosts")] };
  writeInventory(join(folder, "hosts.yml"), [host], { far });
  writePlaybooks(folder, true);
});

afterAll(async () => {
  bench.remove();
  rmSync(folder, { recursive: true });
  await relay.stop();
  await host.stop();
});

async function run(playbook: string): Promise<{ ended: Ended; turns: number }> {
  const before = relay.turns;
  const ended = await bench.run(["run", join(folder, playbook), "-i", join(folder, "hosts.yml"), "--output", "json"]);
  expect(ended.exit, ended.text.slice(-3000)).toBe(0);
  return { ended, turns: relay.turns - before };
}

test("the 100 tasks of the benchmark change what they should, over a connection that is far", async () => {
  const { ended } = await run("site.yml");
  expect(ended.recap("far")).toMatchObject({ changed: changesOfFirstRun, ok: 100 - changesOfFirstRun, failed: 0 });
});

test("a rerun of 100 tasks takes at most 4 round trips, and no hidden ones beside those of the handshake", async () => {
  const { ended, turns } = await run("site.yml");
  const recap = ended.recap("far");
  expect(recap).toMatchObject({ changed: 0, ok: 100 });
  expect(recap.roundTrips).toBeLessThanOrEqual(4);
  expect(relay.passed).toHaveLength(2);
  expect(turns).toBeLessThanOrEqual(handshake + 4);
});
