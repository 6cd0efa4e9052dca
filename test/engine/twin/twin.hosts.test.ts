import { afterAll, beforeAll, expect, it } from "vitest";
import type { Target } from "../../../src/kernel/target.ts";
import { enter } from "../../hosts/connection.ts";
import { startHost, type TestHost } from "../../hosts/host.ts";
import fc, { seed } from "../../seeded.ts";
import { type Case, cases, playbookText } from "./generate.ts";
import { play } from "./play.ts";

const runs = Number(process.env.REMPART_TWIN_HOST_RUNS ?? 60);

let hosts: { readonly plain: TestHost; readonly chain: TestHost };
let targets: { readonly plain: Target; readonly chain: Target };

beforeAll(async () => {
  const [plain, chain] = await Promise.all([
    startHost({ release: "trixie", name: "plain" }),
    startHost({ release: "trixie", name: "chain" }),
  ]);
  hosts = { plain, chain };
  targets = { plain: await enter(plain), chain: await enter(chain) };
});

afterAll(async () => {
  await Promise.all([targets?.plain.close(), targets?.chain.close()]);
  await Promise.all([hosts?.plain.stop(), hosts?.chain.stop()]);
});

const trips = { plain: 0, chain: 0 };

async function playOn(which: "plain" | "chain", c: Case): Promise<{ readonly events: readonly unknown[]; readonly state: string }> {
  const { events, roundTrips } = await play(c, targets[which], which === "chain");
  trips[which] += roundTrips;
  return { events, state: await hosts[which].out(look) };
}

const reset = (before: string): string => `
systemctl stop lab.service 2>/dev/null; systemctl disable lab.service 2>/dev/null
rm -rf /lab /etc/systemd/system/lab.service /etc/apt/sources.list.d/lab.sources; systemctl daemon-reload; systemctl reset-failed 2>/dev/null
userdel late 2>/dev/null; groupdel late 2>/dev/null; groupdel labs 2>/dev/null
mkdir /lab; chmod 755 /lab; umask 022
${before}
true`;

const look = `
cd / && find /lab /etc/systemd/system/lab.service -printf '%p %y %m %U %G %s %l\\n' 2>/dev/null | sort
cat /etc/apt/sources.list.d/lab.sources
find /lab -type f -exec sha256sum {} + | sort
grep -E '^(late|labs):' /etc/passwd /etc/group
systemctl is-active lab.service; systemctl is-enabled lab.service; systemctl show -p NeedDaemonReload lab.service
true`;

it(`a guarded chain tells and leaves the same as asking and acting task by task (${runs} playbooks, seed ${seed})`, {
  timeout: 1_500_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (c: Case) => {
      const [plain, chain] = await Promise.all(
        (["plain", "chain"] as const).map(async (which) => {
          await hosts[which].out(reset(c.before));
          const once = await playOn(which, c);
          if (c.drift === null) return [once];
          await hosts[which].out(`${c.drift} 2>/dev/null; true`);
          return [once, await playOn(which, c)];
        }),
      );
      expect(chain, `${JSON.stringify(c.disturbances)}\n${c.before}\n${playbookText(c)}`).toEqual(plain);
    }),
    { numRuns: runs, endOnFailure: true },
  );
  expect(trips.chain).toBeLessThan(trips.plain / 2);
});
