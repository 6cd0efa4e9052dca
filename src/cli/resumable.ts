import type { Program } from "../engine/compile/program.ts";
import type { ExecuteOptions } from "../engine/course/executeoptions.ts";
import { stillOwed } from "../engine/show/wording.ts";
import type { Listener } from "../kernel/event.ts";
import { inventoryFiles } from "./inventoryFiles.ts";
import { JournalFile, journalPath, readJournal } from "./journal.ts";
import { UsageError } from "./usage.ts";

/** A run that notes how far it comes and, with `resume`, goes on where the last one ended; `last` is to be called behind it. */
export interface Resumable {
  readonly options: Pick<ExecuteOptions, "journal" | "resume">;
  readonly last: () => void;
}

/** Throws UsageError when there is nothing to resume. */
export function resumable(program: Program, inventory: readonly string[], resume: boolean, listen: Listener): Resumable {
  const { playbook, plays } = program;
  const files = inventoryFiles(inventory);
  const path = journalPath(playbook, files);
  const before = readJournal(path);
  if (resume && !before)
    throw new UsageError(
      `there is nothing to resume: the last run of ${playbook} with this inventory came to its end`,
      "run without --resume",
    );
  const hosts = new Set(plays.flatMap((p) => p.hosts));
  for (const [host, { owed }] of Object.entries((!resume && before?.hosts) || {}))
    if (hosts.has(host) && owed.length > 0)
      listen({ event: "warning", host, message: stillOwed(owed.map((o) => (o.role ? `${o.role} : ${o.handler}` : o.handler))) });
  const journal = new JournalFile(path, playbook, files, !resume, (message) => listen({ event: "warning", message }));
  const at = resume && before ? { resume: new Map(Object.entries(before.hosts)) } : {};
  return { options: { ...at, ...(!program.context.check && { journal }) }, last: () => program.context.check || journal.write() };
}
