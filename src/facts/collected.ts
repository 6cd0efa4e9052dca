import type { Fact } from "../kernel/fact.ts";
import { joinShell, type Shell, sh } from "../kernel/sh.ts";

/** The parts of a fact whose text leaves its records in `_o` instead of printing them; `functions` are what it calls. */
export function collected<K>(
  functions: readonly Shell[],
  collect: (keys: readonly K[]) => Shell,
): Pick<Fact<K, unknown>, "script"> & Required<Pick<Fact<K, unknown>, "functions" | "collect">> {
  return { functions, collect, script: (keys) => joinShell([...functions, collect(keys), sh`printf %s "$_o"`]) };
}
