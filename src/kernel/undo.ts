import type { Step } from "./step.ts";

/** How a change is taken back, as data: kept on the host while a guarded block is under way. */
export interface Undo {
  /** Absolute paths whose present state is kept before and put back: a file, a link, the attributes of a folder, or nothing. */
  readonly paths: readonly string[];
  /** Programs that run when all paths are back: the reload of a service, the old value of a kernel parameter. Never a secret. */
  readonly run: readonly (readonly string[])[];
}

/** How this change is taken back; undefined when that is not known. Whole files are put back without being asked for. */
export function undoOf(change: { readonly steps: readonly Step[]; readonly undo?: Undo }): Undo | undefined {
  const files: string[] = [];
  for (const step of change.steps) {
    if (step.do === "download") continue;
    if (step.do === "write" || step.do === "upload") files.push(step.path);
    else if (!change.undo) return undefined;
  }
  return { paths: [...new Set([...(change.undo?.paths ?? []), ...files])], run: change.undo?.run ?? [] };
}
