import { compile } from "../engine/compile/compile.ts";
import type { Compiled, ConnectionDefaults } from "../engine/compile/program.ts";
import { system, systemShape } from "../facts/system.ts";
import type { Inventory } from "../inventory/model.ts";
import { modules } from "../modules/index.ts";
import { extraVars } from "./extraVars.ts";
import { loadInventory } from "./loadInventory.ts";
import type { InventoryOptions } from "./targetOptions.ts";
import { vaultKeys } from "./vaultKeys.ts";

/** Options of every command that compiles a playbook. */
export interface CompileRequest extends InventoryOptions {
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** The run begins with the task of this name. */
  readonly startAtTask?: string;
}

/** How the run will be, as far as compiling must know. */
export interface CompileFor {
  readonly check?: boolean;
  readonly diff?: boolean;
  /** Only to be listed. */
  readonly listed?: boolean;
  readonly connectionDefaults?: ConnectionDefaults;
}

/** Reads the inventory and the playbook and checks both for every host. Throws Refused when the inventory is wrong. */
export async function compilePlaybook(
  playbook: string,
  o: CompileRequest,
  how: CompileFor = {},
): Promise<Compiled & { inventory: Inventory }> {
  const vault = await vaultKeys(o);
  const { inventory, warnings } = await loadInventory(o, playbook, vault);
  const compiled = await compile({
    playbook,
    inventory,
    modules,
    gather: { question: system({}), shape: systemShape },
    ...(o.limit !== undefined && { limit: o.limit }),
    ...(o.tags.length > 0 && { tags: o.tags }),
    ...(o.skipTags.length > 0 && { skipTags: o.skipTags }),
    ...(o.startAtTask !== undefined && { startAtTask: o.startAtTask }),
    extraVars: await Promise.all(o.extraVars.map((e) => extraVars(e, vault))),
    vault,
    ...how,
  });
  return { ...compiled, inventory, diagnostics: [...warnings, ...compiled.diagnostics] };
}
