import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compile } from "../../../src/engine/compile/compile.ts";
import type { Program } from "../../../src/engine/compile/program.ts";
import { execute } from "../../../src/engine/course/execute.ts";
import { system, systemShape } from "../../../src/facts/system.ts";
import { loadInventory } from "../../../src/inventory/inventory.ts";
import type { Connect } from "../../../src/kernel/target.ts";
import { modules } from "../../../src/modules/index.ts";

/** Compiles a playbook, given as its files, and hands the program to the players while the files are there. */
export async function withProgram<T>(
  files: Readonly<Record<string, string | Buffer>>,
  inventoryText: string,
  use: (compiled: () => Promise<Program>) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "rempart-twin-"));
  try {
    for (const [name, text] of Object.entries({ ...files, "hosts.yml": inventoryText })) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const { inventory, diagnostics } = await loadInventory([join(dir, "hosts.yml")], {});
    if (!inventory) throw new Error(JSON.stringify(diagnostics));
    return await use(async () => {
      // Where files that are fetched go: each player begins with an empty one.
      rmSync(join(dir, "fetched"), { recursive: true, force: true });
      const compiled = await compile({
        playbook: join(dir, "site.yml"),
        inventory,
        modules,
        gather: { question: system({}), shape: systemShape },
        diff: true,
      });
      if (!compiled.program) throw new Error(compiled.diagnostics.map((d) => `${d.message} ${d.help ?? ""}`).join("\n"));
      return compiled.program;
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Runs it, `atWork` is told the first task of each chain; gives what was told of each host, without what may differ between two runs: times, and the words about a lost host. */
export async function told(
  program: Program,
  connect: Connect,
  lookahead: boolean,
  atWork: (task: string) => void = () => {},
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const events: Record<string, unknown[]> = {};
  const tell = (host: string, what: unknown): void => {
    const list = events[host] ?? [];
    list.push(what);
    events[host] = list;
  };
  await execute(program, { connect, forks: 2, lookahead }, (e) => {
    if (e.event === "progress" && e.doing !== "" && e.doing !== "asking") atWork(e.doing);
    if (e.event === "task") tell(e.host, comparable(e));
    if (e.event === "retry") tell(e.host, e);
    if (e.event === "host") tell(e.host, { event: "host", status: e.status });
  });
  return events;
}

function comparable(event: { readonly seconds: number; readonly at: string }): unknown {
  // The name of a temporary file is random.
  return JSON.parse(
    JSON.stringify({ ...event, seconds: 0, at: event.at.slice(event.at.lastIndexOf("/") + 1) }).replaceAll(
      /\.rempart-[0-9a-f]+/g,
      ".rempart-N",
    ),
  );
}
