import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compile } from "../../src/engine/compile/compile.ts";
import type { Compiled, CompileOptions } from "../../src/engine/compile/program.ts";
import { execute } from "../../src/engine/course/execute.ts";
import type { ExecuteOptions } from "../../src/engine/course/executeoptions.ts";
import type { Summary } from "../../src/engine/course/tallies.ts";
import { loadInventory } from "../../src/inventory/inventory.ts";
import type { Diagnostic } from "../../src/kernel/diagnostic.ts";
import type { Event, TaskEvent } from "../../src/kernel/event.ts";
import type { Module } from "../../src/kernel/module.ts";
import { placeOf } from "../../src/kernel/span.ts";
import type { Connect } from "../../src/kernel/target.ts";
import { modules as real } from "../../src/modules/index.ts";
import { add, ask, connectTo, doubt, type FakeHost, facts, lie, put, run, shout, tell } from "./fakehost.ts";

export interface Driven {
  readonly summary?: Summary;
  readonly events: readonly Event[];
  readonly tasks: readonly TaskEvent[];
  readonly diagnostics: readonly Diagnostic[];
  /** `host status task`, in order; a delegated one `host -> delegate status task`. */
  readonly lines: readonly string[];
  /** `line:column message` of every diagnostic. */
  readonly errors: readonly string[];
}

export interface DriveOptions extends Partial<Omit<CompileOptions, "playbook" | "inventory" | "modules">> {
  readonly lookahead?: boolean;
  readonly files?: Readonly<Record<string, string>>;
  /** Other modules than those of the fake host. */
  readonly modules?: readonly Module[];
  /** Inventory hosts beside those that are driven, and variables: the text behind `hosts:` of group all. */
  readonly inventoryText?: string;
  /** How the run goes, beside what is fixed here. */
  readonly how?: Partial<ExecuteOptions>;
  /** Another way to the hosts than by name. */
  readonly connect?: Connect;
}

/** Compiles the text of a playbook, with the modules of the fake host and the real ones that act on the controller. */
export async function compiled(playbook: string, hosts: readonly string[], options: DriveOptions = {}): Promise<Compiled> {
  const { lookahead: _, files, connect: __, how: ___, inventoryText, ...compileOptions } = options;
  const dir = mkdtempSync(join(tmpdir(), "rempart-engine-"));
  const inventory = join(dir, "hosts.yml");
  const file = join(dir, "site.yml");
  writeFileSync(inventory, inventoryText ?? `all:\n  hosts:\n${hosts.map((h) => `    ${h}: {}\n`).join("")}`);
  writeFileSync(file, playbook);
  for (const [name, text] of Object.entries(files ?? {})) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  const loaded = await loadInventory([inventory], { playbookDir: dir });
  if (!loaded.inventory) throw new Error(JSON.stringify(loaded.diagnostics));
  const controller = real.filter((m) => m.controller);
  return compile({
    playbook: file,
    inventory: loaded.inventory,
    modules: [put, add, run, lie, doubt, shout, tell, ask, ...controller],
    gather: {
      question: facts(null),
      shape: { kind: "object", fields: { os: { kind: "object", fields: { family: { kind: "string" } } } } },
    },
    ...compileOptions,
  });
}

/** Compiles and runs the text of a playbook against fake hosts. */
export async function drive(
  playbook: string,
  hosts: Readonly<Record<string, FakeHost | undefined>>,
  options: DriveOptions = {},
): Promise<Driven> {
  const { lookahead, connect } = options;
  const { program, diagnostics } = await compiled(playbook, Object.keys(hosts), options);
  const errors = diagnostics.map((d) => {
    const at = d.at && placeOf(d.at);
    return `${at ? `${at.line}:${at.column} ` : ""}${d.message}${d.help ? ` | ${d.help}` : ""}`;
  });
  const events: Event[] = [];
  const known = Object.fromEntries(Object.entries(hosts).filter((e): e is [string, FakeHost] => e[1] !== undefined));
  const summary =
    program &&
    (await execute(program, { connect: connect ?? connectTo(known), forks: 5, lookahead: lookahead ?? true, ...options.how }, (e) =>
      events.push(e),
    ));
  const tasks = events.filter((e) => e.event === "task");
  return {
    events,
    tasks,
    diagnostics,
    errors,
    lines: tasks.map((t) => `${[t.host, ...(t.delegates ?? [])].join(" -> ")} ${t.status} ${t.task}${t.ignored ? ` (${t.ignored})` : ""}`),
    ...(summary && { summary }),
  };
}
