import { afterAll, beforeAll, describe, test } from "vitest";
import { dockerRepository } from "../hosts/docker-repository.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { standIn } from "../hosts/stand-in.ts";
import { Rempart } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

/** site.hosts.test.ts has the other releases, and each role's test has both. */
describe("site.yml with the releases swapped", () => {
  let hosts: TestHost[];
  let site: Rempart;
  beforeAll(async () => {
    hosts = [await startHost({ release: "bookworm", name: "proliant" }), await startHost({ release: "trixie", name: "nas" })];
    const [proliant] = hosts;
    if (!proliant) throw new Error("no proliant");
    const { uri, key } = await dockerRepository(proliant);
    const docker = { repository: { uri, suite: "/", key } };
    site = new Rempart("playbooks/site.yml", hosts, { standin: { archive: standIn.archive }, docker }, ["inventory/demo.yml"]);
  });
  afterAll(() => Promise.all(hosts.map((h) => h.stop())));

  test("what a check of two bare machines says comes true", async () => {
    const check = await site.run("--check");
    expectTruth("site.yml on bookworm and trixie", check, await site.run());
  });
});
