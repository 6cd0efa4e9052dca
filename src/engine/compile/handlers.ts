import { nearest, refuse } from "../../kernel/diagnostic.ts";
import type { ScalarNode } from "../../kernel/node.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import type { Seat } from "./unit.ts";

/** Every handler of the play in the order in which they run, as in Ansible: the roles', the play's own, those of included roles. */
export function allHandlers(seat: Pick<Seat, "play">): readonly TaskEntry[] {
  const { play } = seat.play;
  return [...new Set([...play.roles.flatMap((r) => r.handlers), ...play.handlers, ...seat.play.included.flatMap((r) => r.handlers)])];
}

/**
 * The handlers that a name notifies: by name, by `role : name`, or by what they listen to. All handlers of a play share their names:
 * the last of a name is meant. Throws Refused when there is none.
 */
export function handlersFor(seat: Pick<Seat, "play">, name: string, node: ScalarNode): readonly TaskEntry[] {
  const all = allHandlers(seat);
  const called = all.findLast((h) => h.name === name || (h.inherited.role && `${h.inherited.role.name} : ${h.name}` === name));
  const last = new Map(all.filter((h) => h.listen.includes(name)).map((h) => [h.name, h]));
  const found = all.filter((h) => h === called || last.get(h.name) === h);
  if (found.length > 0) return found;
  const names = all.flatMap((h) => [h.name, ...h.listen]);
  const near = nearest(name, names);
  return refuse(
    `no handler is named "${name}"`,
    node.at,
    near ? `did you mean "${near}"?` : names.length > 0 ? `the handlers are: ${names.join(", ")}` : "this play has no handlers",
  );
}
