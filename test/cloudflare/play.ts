import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../src/engine/compile/compile.ts";
import { execute } from "../../src/engine/course/execute.ts";
import { system, systemShape } from "../../src/facts/system.ts";
import { loadInventory } from "../../src/inventory/inventory.ts";
import type { Event, TaskEvent } from "../../src/kernel/event.ts";
import { placeOf } from "../../src/kernel/span.ts";
import { modules } from "../../src/modules/index.ts";
import { connect } from "../../src/transport/index.ts";
import type { CloudflareEmulator, Seen } from "./emulator/emulator.ts";

export interface Played {
  readonly tasks: readonly TaskEvent[];
  /** `status task`, in order. */
  readonly lines: readonly string[];
  /** What the compiler complained about, with its place. */
  readonly errors: readonly string[];
  /** Failures with all they said. */
  readonly trouble: string;
  /** The requests of this run that were meant to change something, as `METHOD /path`. */
  readonly writes: readonly string[];
  readonly seen: readonly Seen[];
  /** Everything that the run told, as text. */
  readonly told: string;
}

export interface PlayOptions {
  readonly check?: boolean;
  readonly tags?: readonly string[];
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly lookahead?: boolean;
  /** Further hosts, with their variables. */
  readonly hosts?: Readonly<Record<string, object>>;
  /** Another token than the emulator's. */
  readonly token?: string;
}

/** Where the API's emulator is reached, and what it was asked. */
export type Reached = Pick<CloudflareEmulator, "url" | "token" | "seen">;

/** Runs a playbook (a path, or its plays) through the whole engine against the emulator. */
export async function play(emulator: Reached, playbook: string | readonly unknown[], options: PlayOptions = {}): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), "rempart-cloudflare-"));
  const [inventoryFile, made] = [join(folder, "hosts.yml"), join(folder, "play.yml")];
  const reached = { ansible_connection: "cloudflare", api_url: emulator.url, api_token: options.token ?? emulator.token };
  writeFileSync(
    inventoryFile,
    JSON.stringify({ all: { vars: options.vars ?? {}, hosts: options.hosts ?? {}, children: { edge: { hosts: { zone: reached } } } } }),
  );
  if (typeof playbook !== "string") writeFileSync(made, JSON.stringify(playbook));
  const path = typeof playbook === "string" ? playbook : made;
  const { inventory, diagnostics } = await loadInventory([inventoryFile], { playbookDir: folder });
  if (!inventory) throw new Error(JSON.stringify(diagnostics));
  const { program, diagnostics: wrong } = await compile({
    playbook: path,
    inventory,
    modules,
    gather: { question: system({}), shape: systemShape },
    ...(options.check && { check: true, diff: true }),
    ...(options.tags && { tags: options.tags }),
  });
  const before = emulator.seen.length;
  const events: Event[] = [];
  if (program) await execute(program, { connect, forks: 1, lookahead: options.lookahead ?? true }, (event) => events.push(event));
  const tasks = events.filter((e): e is TaskEvent => e.event === "task");
  const seen = emulator.seen.slice(before);
  const failed = events.filter((e) => (e.event === "task" && (e.status === "failed" || e.status === "unreachable")) || e.event === "host");
  return {
    tasks,
    seen,
    lines: tasks.map((t) => `${t.status} ${t.task}`),
    errors: wrong.map((d) => `${d.at ? `${placeOf(d.at).line}:${placeOf(d.at).column} ` : ""}${d.message}${d.help ? ` | ${d.help}` : ""}`),
    trouble: failed.map((e) => JSON.stringify(e)).join("\n"),
    writes: seen.filter((s) => s.wrote).map((s) => `${s.method} ${s.path}`),
    told: JSON.stringify(events),
  };
}

/** One play on the emulated zone with these tasks. */
export function tasks(...list: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] {
  return [{ hosts: "edge", gather_facts: false, tasks: list }];
}
