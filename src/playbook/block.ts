import type { MapNode } from "../kernel/node.ts";
import { Fields } from "./fields.ts";
import { readGuard } from "./guard.ts";
import { inherit, refuseApart } from "./inherit.ts";
import type { BlockEntry, Entry, Inherited } from "./model.ts";
import type { Reading } from "./reading.ts";
import { textNode } from "./values.ts";

/** `block`, `rescue` and `always`, with the keywords that they share. */
export function readBlock(map: MapNode, outer: Inherited, reading: Reading): BlockEntry {
  const fields = new Fields(map, "block", reading.problems, outer.via);
  const loop = fields.node("loop") ?? fields.node("with_items");
  if (loop) fields.error("a block cannot loop", loop.at, "put its tasks into a file and loop over include_tasks");
  else fields.refuseStrangers();
  if (!fields.has("block")) fields.error("rescue and always belong to a block", map.at, 'add "block:" with the tasks that they guard');
  const name = fields.take("name", (n) => textNode(n, "name"))?.text ?? "block";
  const inherited = inherit(outer, fields);
  const guard = fields.take("guard", readGuard);
  if (guard && outer.guard) fields.error("a guarded block cannot stand in another", guard.at, "the outer guard covers it: remove this one");
  if (guard && !outer.guard) refuseApart(fields, inherited);
  const part = (key: string, within: Inherited = inherited): readonly Entry[] => {
    const node = fields.node(key);
    return node ? reading.entries(node, within, "task") : [];
  };
  return {
    kind: "block",
    name,
    at: map.at,
    inherited,
    ...(guard && { guard }),
    block: part("block", guard ? { ...inherited, guard } : inherited),
    rescue: part("rescue"),
    always: part("always"),
  };
}
