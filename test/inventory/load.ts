import { join } from "node:path";
import { loadInventory } from "../../src/inventory/inventory.ts";
import type { Inventory } from "../../src/inventory/model.ts";
import { folderOf, linesOf } from "../playbook/texts.ts";

export { folderOf, linesOf };

/** The inventory of a text, which must be right. */
export async function inventoryOf(text: string, files: Readonly<Record<string, string>> = {}): Promise<Inventory> {
  const dir = folderOf({ "hosts.yml": text, ...files });
  const { inventory, diagnostics } = await loadInventory([join(dir, "hosts.yml")], { playbookDir: join(dir, "playbooks") });
  if (!inventory) throw new Error(linesOf(diagnostics).join("\n"));
  return inventory;
}

/** What is wrong with the text. */
export async function errorsOf(text: string, files: Readonly<Record<string, string>> = {}, name = "hosts.yml"): Promise<string[]> {
  const dir = folderOf({ [name]: text, ...files });
  const { diagnostics } = await loadInventory([join(dir, name)]);
  return linesOf(diagnostics).map((l) => l.replaceAll(`${dir}/`, ""));
}
