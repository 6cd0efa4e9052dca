import type { Node } from "../kernel/node.ts";
import type { Inherited, TaskEntry } from "./model.ts";
import type { Reading } from "./reading.ts";

/** A list of handlers. Two of one name are an error: the second could never be told from the first. */
export function readHandlers(node: Node, inherited: Inherited, reading: Reading): readonly TaskEntry[] {
  const handlers = reading.entries(node, inherited, "handler").filter((e) => e.kind === "task");
  const names = new Set<string>();
  for (const handler of handlers) {
    if (names.has(handler.name) && handler.name !== handler.module) {
      const message = `there are two handlers named "${handler.name}"`;
      reading.problems.add(
        [{ severity: "error", message, at: handler.at, help: "give one of them another name, and the old one as listen" }],
        inherited.via,
      );
    }
    names.add(handler.name);
  }
  return handlers;
}
