import { dirname } from "node:path";
import { loadInventory as load } from "../inventory/index.ts";
import type { VaultKeys } from "../inventory/keys.ts";
import type { Inventory } from "../inventory/model.ts";
import { type Diagnostic, Refused } from "../kernel/diagnostic.ts";
import { hasError } from "./complain.ts";
import { inventoryFiles } from "./inventoryFiles.ts";
import type { InventoryOptions } from "./targetOptions.ts";
import { vaultKeys } from "./vaultKeys.ts";

/** The inventory that the options name; `playbook` says beside what group_vars are looked for. Throws Refused. */
export async function loadInventory(
  o: InventoryOptions,
  playbook?: string,
  keys?: VaultKeys,
): Promise<{ inventory: Inventory; warnings: readonly Diagnostic[] }> {
  const files = inventoryFiles(o.inventory);
  const { inventory, diagnostics } = await load(files, {
    ...(playbook !== undefined && { playbookDir: dirname(playbook) }),
    ...(keys ?? (await vaultKeys(o))),
  });
  if (!inventory || hasError(diagnostics)) throw new Refused(...diagnostics);
  return { inventory, warnings: diagnostics };
}
