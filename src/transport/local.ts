import { quote } from "../kernel/sh.ts";
import type { Target } from "../kernel/target.ts";
import { usualSurroundings } from "./frame.ts";
import { ShellTarget, type TargetOptions } from "./shell-target.ts";
import { SpawnedLine } from "./spawned.ts";

/** This machine, as the user who runs us. */
export function connectLocal(options: TargetOptions = {}): Target {
  const { path } = options.surroundings ?? usualSurroundings;
  return new ShellTarget(new SpawnedLine((command) => `PATH=${quote(path)}; export PATH; ${command}`), options);
}
