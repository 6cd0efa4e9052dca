import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** Whether the running kernel has a module. */
export interface KernelModule {
  /** built-in: part of the kernel, it cannot be taken out. */
  readonly state: "loaded" | "built-in" | "absent";
}

/** Dashes and underscores mean the same in module names. */
export function moduleName(name: string): string {
  return name.replaceAll("-", "_");
}

/** `kernelModule("br_netfilter")`: one awk over /proc/modules and the list of what is built in. */
export const kernelModule = defineFact<string, KernelModule>({
  kind: "kernel_module",
  summary: "Whether a kernel module is loaded or built in.",
  object: moduleName,
  script: (names) => sh`awk 'BEGIN {
  while ((getline line < "/proc/modules") > 0) { split(line, f, " "); state[f[1]] = "loaded" }
  getline release < "/proc/sys/kernel/osrelease"
  while ((getline line < ("/lib/modules/" release "/modules.builtin")) > 0) { sub(/.*\//, "", line); sub(/\.ko.*/, "", line); gsub(/-/, "_", line); state[line] = "built-in" }
  for (i = 1; i < ARGC; i++) if (ARGV[i] in state) print state[ARGV[i]]; else print "absent"
}' ${names.map(moduleName)}`,
  read: (stdout, names) =>
    readRecords("kernel_module", stdout, names, (line): KernelModule => {
      if (line !== "loaded" && line !== "built-in" && line !== "absent")
        throw new Error(`kernel_module: unexpected record ${JSON.stringify(line)}`);
      return { state: line };
    }),
  absent: ({ state }) => state === "absent",
  write: (_name, { state }) => `${state}\n`,
});
