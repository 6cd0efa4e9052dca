import type { TaskEntry } from "../../playbook/model.ts";
import { flag, type Seat, type TaskStop } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import type { Position } from "../decide/position.ts";

/** Is this done alone, and not in a chain with others: on another host, or once for all hosts? */
export function isAlone(seat: Pick<Seat, "play">, { inherited }: TaskEntry): boolean {
  return inherited.delegateTo !== undefined || (mayBe(inherited.runOnce) && seat.play.hosts.length > 1);
}

/** Is the task done once for all hosts? Throws Refused when that is not known. */
export function isOnce(seat: Seat, position: Position, { entry, bind }: TaskStop): boolean {
  const { runOnce } = entry.inherited;
  if (!runOnce || seat.play.hosts.length < 2) return false;
  return flag(runOnce, variablesFor(seat.context, seat.play, seat.host, entry.inherited, bind, position.vars), "run_once");
}

/** Does a failure of the task end the run for all hosts? Throws Refused when that is not known. */
export function isFatal(seat: Seat, position: Position, { entry, bind }: TaskStop): boolean {
  const { anyErrorsFatal } = entry.inherited;
  if (!anyErrorsFatal) return false;
  return flag(anyErrorsFatal, variablesFor(seat.context, seat.play, seat.host, entry.inherited, bind, position.vars), "any_errors_fatal");
}

/** The keyword is there, and not plainly false. */
export function mayBe(node: TaskEntry["inherited"]["runOnce"]): boolean {
  return node !== undefined && !(node.kind === "scalar" && node.value === false);
}
