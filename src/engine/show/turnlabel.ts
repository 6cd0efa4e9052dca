import { Refused } from "../../kernel/diagnostic.ts";
import type { Value } from "../../kernel/value.ts";
import { resolve } from "../../template/resolve.ts";
import type { HostVars } from "../compile/hostvars.ts";
import type { Seat, TaskStop } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import type { Bindings } from "../decide/cursor.ts";

/** What a person sees of a turn of a loop: the label of loop_control, or the item. */
export function turnLabel(seat: Seat, { entry }: TaskStop, bind: Bindings, vars: HostVars, item: Value): string {
  const label = entry.loop?.label;
  if (!label) return textOf(item);
  try {
    return textOf(resolve(label, variablesFor(seat.context, seat.play, seat.host, entry.inherited, bind, vars)));
  } catch (error) {
    if (error instanceof Refused) return textOf(item);
    throw error;
  }
}

function textOf(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
