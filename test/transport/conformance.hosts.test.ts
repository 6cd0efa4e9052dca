import { afterAll, beforeAll, describe } from "vitest";
import { Secret } from "../../src/kernel/value.ts";
import { connectDocker } from "../../src/transport/docker.ts";
import { connectSsh } from "../../src/transport/ssh.ts";
import { connectionTo } from "../hosts/connection.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { sharedHost } from "../hosts/shared.ts";
import { conformance } from "./conformance.ts";

describe("on hosts", () => {
  for (const system of ["trixie", "bookworm", "busybox"] as const) {
    let host: TestHost;
    beforeAll(async () => {
      host = await sharedHost(system);
    });
    conformance(`ssh to ${system}`, async (bounds = {}) => connectSsh(connectionTo(host), { bounds }));
    if (system === "bookworm") continue;
    conformance(`docker exec in ${system}`, async (bounds = {}) =>
      connectDocker({ host: host.name, kind: "docker", address: host.container }, { bounds }),
    );
  }

  for (const release of ["trixie", "bookworm"] as const) {
    describe(`become with a password on ${release}`, () => {
      let host: TestHost;
      beforeAll(async () => {
        host = await startHost({ release, name: `become-${release}`, sudo: "password" });
      });
      afterAll(() => host.stop());
      conformance(
        `sudo on ${release}`,
        async (bounds = {}) => connectSsh(connectionTo(host), { bounds }),
        () => ({
          as: { method: "sudo", user: "root", password: new Secret(host.password) },
        }),
      );
    });
  }
});
