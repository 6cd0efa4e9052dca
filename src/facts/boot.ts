import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** Which boot of the machine this is. */
export interface Boot {
  /** A new one for every boot. null in a prediction: known when the host is back. */
  readonly id: string | null;
}

/** `boot({})`: the kernel's boot id; no process is started. */
export const boot = defineFact<Record<never, never>, Boot>({
  kind: "boot",
  summary: "Which boot of the machine this is: the kernel's boot id.",
  object: () => "host",
  script: (keys) => sh`_b=; { read -r _b </proc/sys/kernel/random/boot_id; } 2>/dev/null || _b='!the kernel does not tell its boot id'
for _k in ${keys.map(() => "k")}; do printf '%s\n' "$_b"; done`,
  read: (stdout, keys) => readRecords("boot", stdout, keys, (id) => ({ id })),
  enough: () => true,
  write: (_key, { id }) => (id === null ? undefined : `${id}\n`),
});
