import { afterAll, beforeAll, describe, test } from "vitest";
import { dockerRepository } from "../hosts/docker-repository.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { standIn } from "../hosts/stand-in.ts";
import { Rempart } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

/** site.hosts.test.ts has the other release, and each role's test has both. */
describe("proliant.yml on Debian 12", () => {
  let host: TestHost;
  let rempart: Rempart;
  beforeAll(async () => {
    host = await startHost({ release: "bookworm", name: "proliant" });
    const { uri, key } = await dockerRepository(host);
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      hardening: { docker_host: true, firewall: { allow: [{ port: "80,443", reason: "the website" }] } },
      docker: { repository: { uri, suite: "/", key } },
      standin: { enabled: true, archive: standIn.archive },
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } },
    });
  });
  afterAll(() => host?.stop());

  test("what a check of the bare machine says comes true", async () => {
    const check = await rempart.run("--check");
    expectTruth("proliant.yml on bookworm", check, await rempart.run());
  });
});
