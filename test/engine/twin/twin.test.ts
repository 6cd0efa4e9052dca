import { expect, it } from "vitest";
import fc, { seed } from "../../seeded.ts";
import { filesOf, isDoneAlone, type World, worlds } from "./everything.ts";
import { drifts } from "./fake/drifts.ts";
import { FakeMachine } from "./fake/machine.ts";
import { FakeTarget } from "./fake/target.ts";
import { told, withProgram } from "./playworld.ts";

const runs = Number(process.env.REMPART_TWIN_RUNS ?? 400);

async function played(world: World): Promise<Record<"plain" | "chain", unknown>> {
  const names = world.hosts.map((_, i) => `fake${i}`);
  const inventory = `all:\n  hosts:\n${names.map((n) => `    ${n}: {}\n`).join("")}`;
  return withProgram(filesOf(world), inventory, async (compiled) => {
    const run = async (which: "plain" | "chain"): Promise<unknown> => {
      let alone = false;
      const proves = () => (which === "chain" && !alone ? "in the chain" : "behind it");
      const targets = new Map(
        world.hosts.map(({ start, faults }, i) => {
          const machine = new FakeMachine();
          for (const name of start) drifts[name](machine);
          return [names[i] ?? "", new FakeTarget(machine, faults, proves)] as const;
        }),
      );
      const events = await told(
        await compiled(),
        async ({ host }) => targets.get(host) ?? { unreachable: host, help: "" },
        which === "chain",
        (task) => {
          alone = isDoneAlone(task);
        },
      );
      return { events, hosts: [...targets.values()].map((t) => ({ steps: t.steps, state: t.machine.dump() })) };
    };
    return { plain: await run("plain"), chain: await run("chain") };
  });
}

it(`over all modules and with all that can go wrong, a guarded chain does, tells and leaves what the plain twin does (${runs} playbooks, seed ${seed})`, {
  timeout: 3_000_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world: World) => {
      const { plain, chain } = await played(world);
      expect(chain, `${JSON.stringify(world.hosts)}\n${String(filesOf(world)["site.yml"])}`).toEqual(plain);
    }),
    { numRuns: runs },
  );
});
