import type { Value } from "../../kernel/value.ts";
import type { BlockEntry, Entry, IncludeRoleEntry, IncludeTasksEntry, TaskEntry } from "../../playbook/model.ts";
import type { TaskPath } from "./path.ts";

export type Bindings = ReadonlyMap<string, Value>;

/** The entry that a host comes to next. An include is to be expanded before the cursor can go on; `guard` is the end of a guarded block. */
export type Stop =
  | { readonly kind: "guard"; readonly entry: BlockEntry; readonly path: TaskPath; readonly bind: Bindings }
  | { readonly kind: "task"; readonly entry: TaskEntry; readonly path: TaskPath; readonly bind: Bindings; readonly handler: boolean }
  | { readonly kind: "include"; readonly entry: IncludeTasksEntry | IncludeRoleEntry; readonly path: TaskPath; readonly bind: Bindings };

type Stage = "block" | "rescue" | "always";

interface Frame {
  readonly entries: readonly Entry[];
  readonly index: number;
  readonly base: TaskPath;
  readonly bind: Bindings;
  readonly handler: boolean;
  /** Where each of the entries stands, when that is not its index. */
  readonly places?: readonly number[];
  /** Set when these entries are a part of a block. */
  readonly section?: { readonly block: BlockEntry; readonly stage: Stage; readonly base: TaskPath; readonly failed: boolean };
}

const stages: readonly Stage[] = ["block", "rescue", "always"];

/** A host's place in a play. Immutable: every move gives a new cursor, so that looking ahead costs nothing to take back. */
export class Cursor {
  readonly #frames: readonly Frame[];

  private constructor(frames: readonly Frame[]) {
    this.#frames = frames;
  }

  static over(entries: readonly Entry[]): Cursor {
    return new Cursor([{ entries, index: 0, base: [], bind: new Map(), handler: false }]);
  }

  /** The next task or include, entering blocks and leaving what is done; undefined at the end. `failed` is true when the end was reached by a failure. */
  settle(): { readonly cursor: Cursor; readonly stop: Stop | undefined; readonly failed: boolean } {
    let frames = this.#frames;
    for (;;) {
      const top = frames.at(-1);
      if (!top) return { cursor: new Cursor(frames), stop: undefined, failed: false };
      const entry = top.entries[top.index];
      const guarded = guardedBlock(top);
      if (guarded && top.index === top.entries.length)
        return {
          cursor: new Cursor(frames),
          stop: { kind: "guard", entry: guarded, path: pathOf(top), bind: top.bind },
          failed: false,
        };
      if (!entry) {
        const left = leave(frames, top);
        if (left === "failed") return { cursor: new Cursor([]), stop: undefined, failed: true };
        frames = left;
        continue;
      }
      const path = pathOf(top);
      if (entry.kind === "block") {
        frames = [
          ...frames.slice(0, -1),
          { ...top, index: top.index + 1 },
          sectionFrame(entry, "block", path, top.bind, top.handler, false),
        ];
        continue;
      }
      const stop: Stop =
        entry.kind === "task"
          ? { kind: "task", entry, path, bind: top.bind, handler: top.handler }
          : { kind: "include", entry, path, bind: top.bind };
      return { cursor: new Cursor(frames), stop, failed: false };
    }
  }

  /** The guarded block that the cursor is in, handlers that run inside it included. */
  get guard(): BlockEntry | undefined {
    const frame = this.#frames.findLast((f) => guardedBlock(f));
    return frame && guardedBlock(frame);
  }

  /** Behind the current entry. */
  next(): Cursor {
    const top = this.#frames.at(-1);
    if (!top) return this;
    return new Cursor([...this.#frames.slice(0, -1), { ...top, index: top.index + 1 }]);
  }

  /** Behind the current include, with what it includes to be done first: one list per turn of its loop. */
  expand(lists: readonly { readonly entries: readonly Entry[]; readonly bind: Bindings }[]): Cursor {
    const top = this.#frames.at(-1);
    if (!top) return this;
    const path = pathOf(top);
    const inner = lists.map(
      (l, i): Frame => ({
        entries: l.entries,
        index: 0,
        base: [...path, i],
        bind: new Map([...top.bind, ...l.bind]),
        handler: top.handler,
      }),
    );
    return new Cursor([...this.#frames.slice(0, -1), { ...top, index: top.index + 1 }, ...inner.reverse()]);
  }

  /** Handlers to be run now, in this order, before the cursor goes on; `places`: the same handler has the same one on every host. */
  pushHandlers(handlers: readonly TaskEntry[], base: TaskPath, places: readonly number[]): Cursor {
    return new Cursor([...this.#frames, { entries: handlers, index: 0, base, bind: new Map(), handler: true, places }]);
  }

  /** Where a failure of the current task leads: to a rescue, to an always part (and on as a failure), or to the end. */
  fail(): { readonly cursor: Cursor; readonly outcome: "rescued" | "always" | "ended" } {
    const frames = afterFailure(this.#frames);
    if (!frames) return { cursor: new Cursor([]), outcome: "ended" };
    const rescued = frames.at(-1)?.section?.stage === "rescue" || isRescuable(frames.slice(0, -1));
    return { cursor: new Cursor(frames), outcome: rescued ? "rescued" : "always" };
  }
}

function pathOf({ base, index, places }: Frame): TaskPath {
  return [...base, places?.[index] ?? index];
}

/** The block whose guarded part these entries are. */
function guardedBlock({ section }: Frame): BlockEntry | undefined {
  return section?.stage === "block" && section.block.guard ? section.block : undefined;
}

function sectionFrame(block: BlockEntry, stage: Stage, base: TaskPath, bind: Bindings, handler: boolean, failed: boolean): Frame {
  return {
    entries: block[stage],
    index: 0,
    base: [...base, stages.indexOf(stage)],
    bind,
    handler,
    section: { block, stage, base, failed },
  };
}

/** Would a failure that passes through these frames still meet a rescue? */
function isRescuable(frames: readonly Frame[]): boolean {
  return frames.some((f) => f.section?.stage === "block" && f.section.block.rescue.length > 0);
}

/** Leaves a finished list; an always part that was entered by a failure hands the failure on. */
function leave(frames: readonly Frame[], top: Frame): readonly Frame[] | "failed" {
  const below = frames.slice(0, -1);
  const section = top.section;
  if (!section) return below;
  if (section.stage !== "always" && section.block.always.length > 0) {
    return [...below, sectionFrame(section.block, "always", section.base, top.bind, top.handler, false)];
  }
  if (!section.failed) return below;
  return afterFailure(below) ?? "failed";
}

/** The nearest part of a block that takes a failure, or undefined when none does. */
function afterFailure(frames: readonly Frame[]): readonly Frame[] | undefined {
  for (let depth = frames.length - 1; depth >= 0; depth--) {
    const frame = frames[depth];
    const section = frame?.section;
    if (!section) continue;
    const enter = (stage: Stage, failed: boolean): readonly Frame[] => [
      ...frames.slice(0, depth),
      sectionFrame(section.block, stage, section.base, frame.bind, frame.handler, failed),
    ];
    if (section.stage === "block" && section.block.rescue.length > 0) return enter("rescue", false);
    if (section.stage !== "always" && section.block.always.length > 0) return enter("always", true);
  }
  return undefined;
}
