import { Refused } from "../kernel/diagnostic.ts";
import { say } from "./complain.ts";
import { loadInventory } from "./loadInventory.ts";
import { done, type Outcome } from "./outcome.ts";
import { table } from "./table.ts";
import type { InventoryOptions } from "./targetOptions.ts";

/** Prints every host with its groups. */
export async function listHosts(o: InventoryOptions): Promise<Outcome> {
  const { inventory } = await loadInventory(o);
  const { hosts, diagnostics } = inventory.select(o.limit ?? "all");
  if (diagnostics.length > 0) throw new Refused(...diagnostics);
  say(table(hosts.map((h) => [h.name, h.groups.join(", ")])));
  return done;
}
