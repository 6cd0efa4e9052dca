import type { CompileOptions } from "../../src/engine/compile/program.ts";
import { system, systemShape } from "../../src/facts/system.ts";
import type { Connect } from "../../src/kernel/target.ts";
import { modules } from "../../src/modules/index.ts";
import { connectTo, FakeHost, facts, put } from "../engine/fakehost.ts";
import { FakeMachine } from "../engine/twin/fake/machine.ts";
import { FakeTarget } from "../engine/twin/fake/target.ts";
import { packages, settings } from "./work.ts";

/** What the engine is given to work on: modules, the way to its hosts, and how many tasks change something in a first run. */
export interface ScaleWork extends Pick<CompileOptions, "modules" | "gather"> {
  readonly connect: Connect;
  readonly changes: number;
}

/** Hosts that hold texts and nothing else: what is measured is the engine. The tasks have values, conditions and results. */
export function cells(hosts: readonly string[], tasks: number): ScaleWork & { readonly tasks: object[] } {
  const shape = { kind: "object", fields: { os: { kind: "object", fields: { family: { kind: "string" } } } } } as const;
  return {
    modules: [put],
    gather: { question: facts(null), shape },
    connect: connectTo(Object.fromEntries(hosts.map((name) => [name, new FakeHost()]))),
    changes: tasks,
    tasks: Array.from({ length: tasks }, (_, i) => ({
      name: `Cell ${i}`,
      put: { cell: `cell${i}`, text: `{{ greeting }} ${i} of {{ inventory_hostname }}` },
      ...(i % 5 === 0 && { when: 'facts.os.family == "debian"' }),
      ...(i % 20 === 0 && { register: `result${i}` }),
    })),
  };
}

/** Stand-ins for Debian machines that the 100 tasks of the benchmark work on, with the real modules; the stand-ins' own time counts too. */
export function machines(hosts: readonly string[], changes: number): ScaleWork {
  const targets = new Map(hosts.map((name) => [name, new FakeTarget(prepared(), [], () => "in the chain")]));
  return {
    modules,
    gather: { question: system({}), shape: systemShape },
    connect: async ({ host }) => targets.get(host) ?? { unreachable: host, help: "" },
    changes,
  };
}

/** As target/prepare.sh leaves a host. */
function prepared(): FakeMachine {
  const machine = new FakeMachine();
  const file = (path: string, text: string): void => machine.files.put(path, { kind: "file", mode: 0o644, content: Buffer.from(text) });
  for (let n = 0; n < 10; n++) file(`/etc/systemd/system/bench-daemon-${n}.service`, "[Service]\nExecStart=/opt/ok\n");
  machine.files.mkdir("/etc/bench", 0o755, { uid: 0, gid: 0 });
  const lines = Array.from({ length: 9 }, (_, i) => `setting_${i + 1} = ${i + 1}\n`).join("");
  for (const name of ["a", "b"]) file(`/etc/bench/${name}.conf`, lines);
  for (const name of settings) machine.kernel.parameters.set(`net.ipv4.conf.default.${name}`, "0");
  for (const name of packages) machine.packages.installed.set(name, { state: "installed", version: "1.0", hold: false, automatic: false });
  return machine;
}
