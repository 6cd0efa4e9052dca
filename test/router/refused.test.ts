import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RouterUnderTest, runOn } from "./conformance.ts";
import { emulated } from "./emulated.ts";
import { LiveboxEmulator } from "./emulator/livebox.ts";
import { OpnsenseEmulator } from "./emulator/opnsense.ts";
import { RouterosEmulator } from "./emulator/routeros.ts";
import type { Emulator } from "./emulator/server.ts";

const kinds: readonly (readonly [string, () => Promise<{ readonly server: Emulator }>])[] = [
  ["livebox", () => new LiveboxEmulator().start()],
  ["routeros", () => new RouterosEmulator().start()],
  ["opnsense", () => new OpnsenseEmulator().start()],
];

describe.each(kinds)("%s with a wrong password", (driver, start) => {
  let server: Emulator;
  let router: RouterUnderTest;
  beforeAll(async () => {
    ({ server } = await start());
    router = emulated(driver, server, {
      variables: { api_user: "admin", api_password: "not-the-password-9" },
      truth: async () => [],
      foreign: async () => {},
      line: {},
    });
  });
  afterAll(() => server.stop());

  test("is asked once, and told so without the password", async () => {
    const done = await runOn(router, [{ router_facts: {} }]);
    expect(done.trouble).toMatch(/api_password|Permission denied/);
    expect(done.trouble).not.toContain("not-the-password-9");
    expect(server.requests).toHaveLength(1);
  });

  test("is not asked at all without one", async () => {
    server.requests.length = 0;
    const { api_password: _, ...variables } = router.variables;
    expect((await runOn({ ...router, variables }, [{ router_facts: {} }])).trouble).toContain("api_password is not set");
    expect(server.requests).toEqual([]);
  });
});
