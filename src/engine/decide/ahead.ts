import { Refused } from "../../kernel/diagnostic.ts";
import type { Question } from "../../kernel/fact.ts";
import { identityKey } from "../../kernel/target.ts";
import { Unknown } from "../../kernel/value.ts";
import { turn } from "../compile/loop.ts";
import { shapeOf } from "../compile/shape.ts";
import { NoTurns, turnsOf } from "../compile/turns.ts";
import { moduleOf, resolveUnit, type Seat, type TaskStop } from "../compile/unit.ts";
import { isAlone } from "../course/alone.ts";
import type { Knowledge } from "./knowledge.ts";
import { Needs } from "./needs.ts";
import { nextTask } from "./nexttask.ts";
import { forkPosition, type Position } from "./position.ts";

/** How far questions are asked ahead, in turns of tasks. */
const horizon = 400;

/** Which of the user's own questions may be asked ahead: none, those of tasks before which nothing is pending, or all. */
export type Probes = "none" | "next" | "all";

/** The questions of the tasks from here on, as far as their arguments are known, and not answered yet. */
export function needsAhead(seat: Seat, from: Position, knowledge: Knowledge, probes: Probes): Needs {
  const needs = new Needs();
  const position = forkPosition(from);
  let clean = probes !== "none";
  let left = horizon;
  while (left > 0) {
    const next = nextTask(seat, position);
    if (next.kind === "end") break;
    if (next.kind === "guard") {
      position.cursor = position.cursor.next();
      continue;
    }
    if (next.kind !== "task") {
      position.cursor = position.cursor.next();
      clean = false;
      left--;
      continue;
    }
    // What it leads to, on this host too, is not known before it is done.
    if (isAlone(seat, next.stop.entry)) break;
    const seen = askTask(seat, position, next.stop, knowledge, needs, clean, probes === "all");
    clean = seen.clean;
    left -= seen.turns;
    position.turns = undefined;
    position.cursor = position.cursor.next();
  }
  return needs;
}

function askTask(
  seat: Seat,
  position: Position,
  stop: TaskStop,
  knowledge: Knowledge,
  needs: Needs,
  clean: boolean,
  always: boolean,
): { readonly clean: boolean; readonly turns: number } {
  let stillClean = clean;
  let turns = 0;
  try {
    const module = moduleOf(seat.context, stop.entry);
    const items = position.turns?.items ?? turnsOf(seat, stop.entry, stop.bind, position.vars);
    const all = items instanceof Unknown || items instanceof NoTurns ? [] : (items ?? [null]);
    const first = position.turns?.outcomes.length ?? 0;
    // The turns behind a pause are asked when it is over.
    const end = stop.entry.loop?.pause ? Math.min(all.length, first + 1) : all.length;
    for (let i = first; i < end && turns < horizon; i++) {
      turns++;
      const resolved = resolveUnit(seat, stop, turn(stop.entry, stop.bind, all[i] ?? null, i, all), position.vars);
      if (resolved.kind === "skipped") continue;
      if (resolved.kind === "waiting") {
        stillClean = false;
        if (resolved.identity) needs.add(resolved.identity, unanswered(resolved.ahead, knowledge, identityKey(resolved.identity)));
        continue;
      }
      const { unit } = resolved;
      const open = unanswered(unit.questions, knowledge, identityKey(unit.identity));
      needs.add(unit.identity, always || stillClean ? open : open.filter((q) => !q.fact.runsUserText));
      if (open.some((q) => !q.fact.runsUserText) || (unit.prepared.kind === "action" && open.length === 0)) stillClean = false;
    }
    if (stop.entry.register) position.vars.set(stop.entry.register.text, new Unknown(stop.entry.name, shapeOf(stop.entry, module)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    stillClean = false;
  }
  return { clean: stillClean, turns: Math.max(1, turns) };
}

function unanswered(questions: readonly Question[], knowledge: Knowledge, as: string): Question[] {
  return questions.filter((q) => !knowledge.about(as, q));
}
