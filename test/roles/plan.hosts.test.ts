import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Bench } from "../whole/bench.ts";
import { fingerprint } from "./rempart.ts";

const roles = `${process.cwd()}/roles`;
let host: TestHost;
let bench: Bench;

beforeAll(async () => {
  host = await startHost({ release: "trixie", name: "proliant" });
  bench = new Bench({
    "inventory/hosts.yml": { all: { hosts: { proliant: host.variables() } } },
    "site.yml": [
      {
        name: "The server",
        hosts: "all",
        become: true,
        roles: [{ role: `${roles}/nginx` }],
        vars: { nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } } },
      },
    ],
  });
});

afterAll(async () => {
  bench.remove();
  await host?.stop();
});

test("the plan of a bare host is applied in one go: packages, what they bring, services and handlers", async () => {
  const before = await fingerprint(host);
  const planned = await bench.run(["plan", "site.yml", "-o", "site.plan", "--output", "json"]);
  expect(planned.exit, planned.text.slice(-4000)).toBe(2);
  expect(await fingerprint(host)).toBe(before);
  const applied = await bench.run(["apply", "site.plan", "--output", "json"]);
  expect(applied.exit, applied.text.slice(-4000)).toBe(0);
  expect(applied.recap("proliant")).toMatchObject({ failed: 0, maybe: 0 });
  expect(await host.out("systemctl is-active nginx")).toBe("active");
  const again = await bench.run(["plan", "site.yml", "-o", "site.plan", "--output", "json"]);
  expect(again.exit, again.text.slice(-4000)).toBe(0);
});
