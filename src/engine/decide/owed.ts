import { Refused } from "../../kernel/diagnostic.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import { handlersFor } from "../compile/handlers.ts";
import type { Seat, TaskStop } from "../compile/unit.ts";
import { variablesFor } from "../compile/variables.ts";
import type { Bindings } from "./cursor.ts";
import type { Position } from "./position.ts";

/** The handlers that the task notifies if it changes something, as far as their names are known. */
export function mayNotify(seat: Seat, position: Position, { entry }: TaskStop, bind: Bindings): readonly TaskEntry[] {
  if (entry.notify.length === 0) return [];
  const variables = variablesFor(seat.context, seat.play, seat.host, entry.inherited, bind, position.vars);
  return entry.notify.flatMap((node) => {
    try {
      const name = resolve(node, variables);
      return typeof name === "string" ? handlersFor(seat, name, node) : [];
    } catch (error) {
      if (error instanceof Refused) return [];
      throw error;
    }
  });
}
