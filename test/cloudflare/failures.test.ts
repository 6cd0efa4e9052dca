import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asLogin } from "../../src/kernel/target.ts";
import { Secret } from "../../src/kernel/value.ts";
import { connectCloudflare } from "../../src/transport/cloudflare/open.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";
import { hexId } from "./emulator/state.ts";
import type { Trouble } from "./emulator/trouble.ts";
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
const www = tasks({ name: "www", cloudflare_dns: { zone, name: "www.example.org", type: "A", content: "192.0.2.10", proxied: true } });
const onRead = (how: Trouble["how"], times: number): Trouble => ({
  how,
  times,
  fits: ({ method, path }) => method === "GET" && path.endsWith("/dns_records"),
});
const onWrite = (how: Trouble["how"], times: number): Trouble => ({ how, times, fits: ({ writes }) => writes });

describe("a reading request", () => {
  it.each(["rate limited", "server error", "cut"] as const)("is repeated when it was %s once", async (how) => {
    emulator.troubles.push(onRead(how, 1));
    const told = await play(emulator, www);
    expect(told.trouble).toBe("");
    expect(told.writes).toHaveLength(1);
  });

  it.each(["unsuccessful", "html", "server error"] as const)(
    "that stays %s fails the task, and nothing is written",
    { timeout: 60_000 },
    async (how) => {
      emulator.troubles.push(onRead(how, 100));
      const told = await play(emulator, www);
      expect(told.lines).toEqual(["failed www"]);
      expect(told.writes).toEqual([]);
    },
  );
});

describe("a writing request", () => {
  it("is repeated only when the API said that it did nothing", async () => {
    emulator.troubles.push(onWrite("rate limited", 1));
    const told = await play(emulator, www);
    expect(told.lines).toEqual(["changed www"]);
    expect(emulator.zone.records.size).toBe(1);
  });

  it.each(["unsuccessful"] as const)("that is %s fails the task with the API's words", async (how) => {
    emulator.troubles.push(onWrite(how, 1));
    const told = await play(emulator, www);
    expect(told.lines).toEqual(["failed www"]);
    expect(told.trouble).toContain("Something went wrong inside (10001)");
  });

  it.each(["lost answer", "half an answer", "html", "cut"] as const)(
    "whose answer is %s is never repeated blindly; the next run looks first",
    async (how) => {
      emulator.troubles.push(onWrite(how, 1));
      const told = await play(emulator, www);
      expect(told.trouble).toContain("whether it was done is not known");
      expect(told.writes.length).toBeLessThanOrEqual(1);
      const next = await play(emulator, www);
      expect(next.trouble).toBe("");
      expect(emulator.zone.records.size).toBe(1);
    },
  );
});

describe("a request that nobody answers", () => {
  it("ends after its time; what was done all the same is found by the next look, and not done again", async () => {
    const connection = {
      host: "zone",
      kind: "cloudflare",
      address: "zone",
      api: { url: emulator.url, token: new Secret(emulator.token) },
    } as const;
    const target = await connectCloudflare(connection, { timeout: 400 });
    if ("unreachable" in target) throw new Error(target.unreachable);
    emulator.troubles.push(onWrite("silent", 1));
    const body = { type: "A", name: "www.example.org", content: "192.0.2.10", ttl: 1, proxied: true };
    const steps = [{ do: "call", method: "POST", path: "/zones/{name=example.org}/dns_records", body }] as const;
    const base = { as: asLogin, lane: "control", links: [], ask: [] } as const;
    const lost = await target.perform({ ...base, links: [{ guard: [], steps, verify: [] }] });
    expect(lost).toMatchObject({ status: "lost", gone: true });
    expect(emulator.writes).toHaveLength(1);
    await target.close();
    expect((await play(emulator, www)).writes.map((w) => w.split(" ")[0])).toEqual(["PATCH"]);
    expect(emulator.zone.records.size).toBe(1);
  });

  it("and an API that wants an hour of patience does not get it", async () => {
    emulator.troubles.push(onRead("rate limited for an hour", 1));
    const told = await play(emulator, www);
    expect(told.trouble).toContain("More than 1200 requests");
    expect(told.writes).toEqual([]);
  });
});

describe("a list", () => {
  function fill(count: number): void {
    for (let i = 0; i < count; i += 1)
      emulator.zone.records.set(hexId(), {
        type: "TXT",
        name: `t${i}.example.org`,
        content: `"${i}"`,
        proxied: false,
        proxiable: false,
        ttl: 300,
        settings: {},
        meta: {},
        comment: null,
        tags: [],
        created_on: "2026-01-01T00:00:00Z",
        modified_on: "2026-01-01T00:00:00Z",
      });
  }

  it("is read to its end, page by page", async () => {
    fill(250);
    emulator.zone.records.set(hexId(), {
      ...[...emulator.zone.records.values()][0],
      type: "A",
      name: "www.example.org",
      content: "192.0.2.10",
      proxied: true,
      ttl: 1,
      comment: "rempart",
    });
    const told = await play(emulator, www);
    expect(told.lines).toEqual(["ok www"]);
    expect(new Set(told.seen.filter((s) => s.path.endsWith("/dns_records")).map((s) => s.query))).toEqual(
      new Set(["per_page=100", "per_page=100&page=2", "per_page=100&page=3"]),
    );
  });

  it("of which a page is missing is no list: nothing is written", async () => {
    fill(250);
    emulator.shorten = 1;
    const told = await play(emulator, www);
    expect(told.lines).toEqual(["failed www"]);
    expect(told.trouble).toContain("could not be read whole");
    expect(told.writes).toEqual([]);
  });
});

describe("the way to the API", () => {
  const token = new Secret("a-token-that-nobody-has");
  it.each([
    [{}, "zone has no api_token"],
    [{ token, url: "http://198.51.100.7/client/v4" }, "would carry the token in clear text"],
    [{ token, ca: "/etc/ca.pem" }, "api_ca has no meaning"],
  ] as const)("is refused before anything is sent: %o", async (api, why) => {
    const refused = await connectCloudflare({ host: "zone", kind: "cloudflare", address: "zone", api });
    expect("unreachable" in refused && refused.unreachable).toContain(why);
  });

  it("is no way with a token that is not taken, and one request tells", async () => {
    const told = await play(emulator, www, { token: "another-token-0123456789" });
    expect(told.told).toContain("Cloudflare does not take the token");
    expect(told.told).not.toContain("another-token-0123456789");
    expect(told.seen.length).toBeLessThanOrEqual(2);
  });
});
