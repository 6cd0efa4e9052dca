import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Event } from "../../src/kernel/event.ts";
import { Secret } from "../../src/kernel/value.ts";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

/** A playbook over one fake host, and what is told and left: Ansible's meaning of the keywords of tasks. */
interface Case {
  readonly about: string;
  readonly start?: Readonly<Record<string, string>>;
  /** Steps on these cells fail so many times. */
  readonly broken?: Readonly<Record<string, number>>;
  /** From the n-th exchange on, counted from 1, these cells hold this. */
  readonly later?: { readonly exchange: number; readonly cells: Readonly<Record<string, string>> };
  /** Beside the playbook. */
  readonly files?: Readonly<Record<string, string>>;
  readonly check?: boolean;
  readonly tags?: readonly string[];
  readonly playbook: unknown;
  /** `STATUS TASK`, and `retry TASK N/OF`. */
  readonly lines?: readonly string[];
  /** The messages of all tasks that have one. */
  readonly said?: readonly string[];
  readonly errors?: readonly string[];
  readonly cells?: Readonly<Record<string, string>>;
  /** What each step was given, in order; a secret as `secret TEXT`. */
  readonly steps?: readonly unknown[];
  /** Exchanges with the host, when chains are made. */
  readonly exchanges?: number;
}

process.env.REMPART_TEST_WORD = "a word for tests";
const folder = join(import.meta.dirname, "../cases/tasks");

function hostOf(c: Case): FakeHost {
  const host = new FakeHost();
  for (const [cell, text] of Object.entries(c.start ?? {})) host.cells.set(cell, text);
  const left = new Map(Object.entries(c.broken ?? {}));
  host.beforeStep = ([, cell = ""]) => {
    const times = left.get(cell) ?? 0;
    left.set(cell, times - 1);
    if (times > 0) host.broken.add(cell);
    else host.broken.delete(cell);
  };
  host.beforeWork = () => {
    if (c.later && host.log.length + 1 >= c.later.exchange)
      for (const [cell, text] of Object.entries(c.later.cells)) host.cells.set(cell, text);
  };
  return host;
}

function lineOf(e: Event): string[] {
  if (e.event === "retry") return [`retry ${e.task}${e.item === undefined ? "" : ` (${e.item})`} ${e.attempt}/${e.of}`];
  return e.event === "task" ? [`${e.status} ${e.task}${e.ignored ? ` (${e.ignored})` : ""}`] : [];
}

describe.each(["chains", "task by task"])("%s", (how) => {
  it.each(readdirSync(folder))("the case %s goes as it says", async (file) => {
    const c = parse(readFileSync(join(folder, file), "utf8")) as Case;
    const host = hostOf(c);
    const { events, tasks, errors } = await drive(
      JSON.stringify(c.playbook),
      { a: host },
      { lookahead: how === "chains", check: c.check ?? false, files: c.files ?? {}, ...(c.tags && { tags: c.tags }) },
    );
    expect(errors.map((e) => e.replace(/^[0-9:]+ /, ""))).toEqual(c.errors ?? []);
    if (c.lines) expect(events.flatMap(lineOf)).toEqual(c.lines);
    if (c.said) expect(tasks.flatMap((t) => t.message ?? [])).toEqual(c.said);
    if (c.cells) expect(Object.fromEntries(host.cells)).toEqual(c.cells);
    if (c.steps) expect(host.steps.map(given)).toEqual(c.steps);
    expect(JSON.stringify(events)).not.toContain("a word for tests");
    if (c.exchanges !== undefined && how === "chains") expect(host.log.length).toBe(c.exchanges);
  });
});

function given(step: FakeHost["steps"][number]): unknown {
  const words = (v: string | Secret): string => (v instanceof Secret ? `secret ${v.reveal()}` : v);
  const env = step.env && Object.fromEntries(Object.entries(step.env).map(([name, v]) => [name, words(v)]));
  return { ...step, ...(env && { env }) };
}
