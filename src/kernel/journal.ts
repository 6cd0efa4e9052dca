import { z } from "zod";

const owed = z.strictObject({
  play: z.int().describe("Index of the play in the playbook."),
  playName: z.string(),
  role: z.string().describe("Of the handler; empty outside a role."),
  handler: z.string(),
});

const progress = z.strictObject({
  play: z.int().describe("Index of the play that the host is in."),
  path: z.array(z.int()).describe("Place of its next task or include in the play."),
  task: z.string().describe("Name of that task as it is written; empty at the end of the play."),
  done: z.boolean().describe("The host came to the end of the playbook."),
  owed: z.array(owed).describe("Handlers that were notified, or may have been, and have not run well since."),
});

/** A journal file: names as they stand in the playbook, places, and no value of anything. */
export const journalFile = z.strictObject({
  rempart_journal: z.literal(1),
  playbook: z.string(),
  inventory: z.array(z.string()),
  started: z.string(),
  hosts: z.record(z.string(), progress),
});

/** A handler that a host is owed. */
export type Owed = z.infer<typeof owed>;

/** How far a host has come. */
export type HostProgress = z.infer<typeof progress>;

export type JournalBody = z.infer<typeof journalFile>;

/** Keeps outside of this process how far each host has come, so that a run that ended early can be resumed. */
export interface Journal {
  /** What handlers are owed is kept when this returns; the place may be kept a little later. */
  note(host: string, progress: HostProgress): void;
  /** This handler has run well. */
  ran(host: string, handler: Owed): void;
}
