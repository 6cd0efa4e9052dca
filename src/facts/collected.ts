import type { Fact } from "../kernel/fact.ts";
import { joinShell, type Shell, sh } from "../kernel/sh.ts";

/** The parts of a fact whose text leaves its records in `_o` instead of printing them; `functions` are what it calls. */
export function collected<K>(
  functions: readonly Shell[],
  collect: (keys: readonly K[]) => Shell,
): Pick<Fact<K, unknown>, "script"> & Required<Pick<Fact<K, unknown>, "functions" | "collect">> {
  return { functions, collect, script: (keys) => joinShell([...functions, collect(keys), sh`printf %s "$_o"`]) };
}

/** The same for one program that prints the records: it is the only process. No record may end with an empty line, which catching drops. */
export function caught<K>(program: (keys: readonly K[]) => Shell): ReturnType<typeof collected<K>> {
  return collected(
    [],
    (keys) => sh`_o=$(exec ${program(keys)})'
'`,
  );
}
