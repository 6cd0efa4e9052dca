import { describe, expect, it } from "vitest";
import type { Change } from "../../src/kernel/change.ts";
import { type Undo, undoOf } from "../../src/kernel/undo.ts";
import { modules } from "../../src/modules/index.ts";
import { moduleCases } from "../cases/read.ts";
import { givenAnswers } from "./given-facts.ts";

/** The changes that a case file leads to; nothing where it is refused. */
function changesOf(folder: string, content: unknown): readonly Change[] {
  const { args, facts = {} } = content as { readonly args: unknown; readonly facts?: Readonly<Record<string, unknown>> };
  const prepared = modules.find((m) => m.name === folder)?.prepare(args);
  if (!prepared?.ok) return [];
  try {
    const plan = prepared.prepared.plan(givenAnswers(prepared.prepared.questions, facts));
    return "refused" in plan ? [] : plan;
  } catch {
    return [];
  }
}

const undoable = modules.filter((m) => m.undoable).map((m) => m.name);
const all = moduleCases().filter((c) => undoable.includes(c.folder));

describe("a module that may stand in a guarded block", () => {
  it("says how each of its changes is put back, but for folders with all in them, and homes", () => {
    const lasting = all.flatMap((c) => changesOf(c.folder, c.content).flatMap((change) => (undoOf(change) ? [] : [c.title])));
    expect([...new Set(lasting)].sort()).toEqual([
      "file/remove-folder",
      "user/absent",
      "user/brings-group-and-home",
      "user/new-with-password",
      "user/number-is-chosen",
    ]);
  });

  it("names absolute paths and programs only", () => {
    for (const change of all.flatMap((c) => changesOf(c.folder, c.content))) {
      const undo = undoOf(change);
      for (const path of undo?.paths ?? []) expect(path).toMatch(/^\//);
      for (const words of undo?.run ?? []) expect(words[0]).toMatch(/^(systemctl|ufw|sh)$/);
    }
  });
});

describe("what is put back", () => {
  const unit = {
    id: "ssh.service",
    load: "loaded",
    active: "active",
    sub: "running",
    enabled: "enabled",
    stale: false,
    invocation: "1",
    file: "/usr/lib/systemd/system/ssh.service",
    oneshot: false,
  };
  const undo = (module: string, args: object, facts: object): Undo | undefined =>
    changesOf(module, { args, facts })
      .map(undoOf)
      .find((u) => u !== undefined);
  const systemd = (args: object, now: object = {}): readonly string[] | undefined =>
    undo("systemd", { name: "ssh", ...args }, { unit: [{ ...unit, ...now }] })?.run.map((words) => words.join(" "));

  it.each([
    [{ state: "reloaded" }, {}, ["systemctl reset-failed ssh.service", "systemctl reload-or-restart ssh.service"]],
    [{ state: "restarted" }, {}, ["systemctl reset-failed ssh.service", "systemctl restart ssh.service"]],
    [{ state: "restarted" }, { active: "inactive" }, ["systemctl stop ssh.service"]],
    [{ state: "started" }, { active: "inactive" }, ["systemctl stop ssh.service"]],
    [
      { state: "stopped", enabled: false },
      {},
      ["systemctl enable ssh.service", "systemctl reset-failed ssh.service", "systemctl start ssh.service"],
    ],
    [{ enabled: true }, { enabled: "disabled" }, ["systemctl disable ssh.service"]],
    [{ masked: true }, {}, ["systemctl unmask ssh.service"]],
  ])("of a unit with %j is the other way round", (args, now, run) => {
    expect(systemd(args, now)).toEqual(run);
  });
});
