import { Refused } from "../../kernel/diagnostic.ts";
import { Unknown, type Value } from "../../kernel/value.ts";
import type { Entry } from "../../playbook/model.ts";
import { resolve } from "../../template/resolve.ts";
import type { Bindings } from "../decide/cursor.ts";
import type { HostVars } from "./hostvars.ts";
import { itemsOf, turn } from "./loop.ts";
import type { Variables } from "./scope.ts";
import { gate, type Seat } from "./unit.ts";
import { variablesFor } from "./variables.ts";

/** The loop has no turn. */
export class NoTurns {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/**
 * The items of the entry's loop, undefined without one. As in Ansible, the condition belongs to each turn, so the list comes first; but where
 * the condition does not hold whatever the item, the list need not be there, nor be known. Throws Refused.
 */
export function turnsOf(seat: Seat, entry: Entry, bind: Bindings, vars: HostVars): readonly Value[] | Unknown | NoTurns | undefined {
  if (!entry.loop) return undefined;
  const variables = (of: Bindings): Variables => variablesFor(seat.context, seat.play, seat.host, entry.inherited, of, vars);
  let value: Value;
  try {
    value = resolve(entry.loop.over, variables(bind));
  } catch (error) {
    const none = error instanceof Refused ? closed(entry, bind, variables) : undefined;
    if (none) return none;
    throw error;
  }
  if (value instanceof Unknown) return closed(entry, bind, variables) ?? value;
  const items = itemsOf(entry.loop, value, variables(bind));
  return items.length === 0 ? new NoTurns("the list is empty") : items;
}

function closed(entry: Entry, bind: Bindings, variables: (bind: Bindings) => Variables): NoTurns | undefined {
  try {
    const item = new Unknown("the list of the loop");
    const open = gate(entry.inherited.when, variables(turn(entry, bind, item, 0, item)));
    return open instanceof Unknown || open.open ? undefined : new NoTurns(open.why);
  } catch (error) {
    // What is wrong with the list is told.
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
